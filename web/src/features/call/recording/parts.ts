/** Chromium's ways to single pictures: they come and go behind other tabs too, where videos and canvases stand still. */
interface Parts {
  MediaStreamTrackProcessor?: new (options: { track: MediaStreamTrack }) => {
    readonly readable: ReadableStream<VideoFrame>
  }
  MediaStreamTrackGenerator?: new (options: {
    kind: 'video'
  }) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> }
}
const parts = globalThis as Parts

/** The picture of a stream as it is now. */
export interface Picture {
  readonly image: CanvasImageSource | null
  readonly width: number
  readonly height: number
  stop: () => void
}

/** The last frame that has come. */
class Frames implements Picture {
  private frame: VideoFrame | null = null
  private readonly reader: ReadableStreamDefaultReader<VideoFrame>

  constructor(track: MediaStreamTrack) {
    this.reader = new parts.MediaStreamTrackProcessor!({ track }).readable.getReader()
    this.read().catch(() => undefined)
  }
  get image(): VideoFrame | null {
    return this.frame
  }
  get width(): number {
    return this.frame?.displayWidth ?? 0
  }
  get height(): number {
    return this.frame?.displayHeight ?? 0
  }
  stop(): void {
    this.reader.cancel().catch(() => undefined)
    this.take(null)
  }

  private async read(): Promise<void> {
    for (;;) {
      const { value, done } = await this.reader.read()
      if (done) return this.take(null)
      this.take(value)
    }
  }
  /** Frames lie in a store with few places: who keeps one stops what comes. */
  private take(next: VideoFrame | null): void {
    this.frame?.close()
    this.frame = next
  }
}

/** A video that nobody sees. */
class Played implements Picture {
  private readonly video = document.createElement('video')

  constructor(stream: MediaStream) {
    this.video.muted = true
    this.video.playsInline = true
    this.video.srcObject = stream
    this.video.play().catch(() => undefined)
  }
  get image(): HTMLVideoElement | null {
    return this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? this.video : null
  }
  get width(): number {
    return this.video.videoWidth
  }
  get height(): number {
    return this.video.videoHeight
  }
  stop(): void {
    this.video.srcObject = null
  }
}

export function pictureOfStream(stream: MediaStream): Picture {
  const [track] = stream.getVideoTracks()
  return track && parts.MediaStreamTrackProcessor ? new Frames(track) : new Played(stream)
}

/** A canvas as a track; `next` after each picture that was painted. */
export interface Film {
  readonly track: MediaStreamTrack
  next: () => void
  stop: () => void
}

export function filmOf(canvas: HTMLCanvasElement, rate: number): Film {
  return parts.MediaStreamTrackGenerator ? generated(canvas) : captured(canvas, rate)
}

function generated(canvas: HTMLCanvasElement): Film {
  const track = new parts.MediaStreamTrackGenerator!({ kind: 'video' })
  const writer = track.writable.getWriter()
  return {
    track,
    next: () => {
      // Who cannot keep up gets fewer pictures, not later ones.
      if ((writer.desiredSize ?? 1) <= 0) return
      const frame = new VideoFrame(canvas, {
        timestamp: Math.round(performance.now() * 1000),
        alpha: 'discard',
      })
      writer.write(frame).catch(() => frame.close())
    },
    stop: () => {
      track.stop()
      writer.close().catch(() => undefined)
    },
  }
}

function captured(canvas: HTMLCanvasElement, rate: number): Film {
  const [track] = canvas.captureStream(rate).getVideoTracks() as [MediaStreamTrack]
  return { track, next: () => undefined, stop: () => track.stop() }
}
