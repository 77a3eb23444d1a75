import type { Places, ToWorker } from './messages'

type Say = (message: ToWorker, transfer?: Transferable[]) => void

/** How pictures come to the worker and back: as streams where the browser has them, otherwise one by one over the page. */
export interface Way {
  readonly track: MediaStreamTrack
  begin(places: Places): void
  follow(camera: MediaStreamTrack): void
  /** The worker asks for a picture, and has made one. */
  ask(): void
  made(picture: ImageBitmap): void
  stop(): void
}

/** Chromium's; the standard's are in workers only, and their tracks cannot be handed to one there yet. */
interface StreamParts {
  MediaStreamTrackProcessor?: new (options: { track: MediaStreamTrack }) => {
    readonly readable: ReadableStream<VideoFrame>
  }
  MediaStreamTrackGenerator?: new (options: {
    kind: 'video'
  }) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> }
}
const parts = globalThis as StreamParts

export const streamsHere = () =>
  parts.MediaStreamTrackProcessor !== undefined && parts.MediaStreamTrackGenerator !== undefined

const rateOf = (camera: MediaStreamTrack) => camera.getSettings().frameRate ?? 30

export function streamWay(say: Say): Way {
  const generator = new parts.MediaStreamTrackGenerator!({ kind: 'video' })
  return {
    track: generator,
    begin: (places) => {
      const out = generator.writable
      say({ kind: 'begin', places, out }, [out])
    },
    follow: (camera) => {
      const frames = new parts.MediaStreamTrackProcessor!({ track: camera }).readable
      say({ kind: 'source', frames, rate: rateOf(camera) }, [frames])
    },
    ask: () => undefined,
    made: (picture) => picture.close(),
    stop: () => generator.stop(),
  }
}

export function canvasWay(say: Say): Way {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d', { alpha: false })!
  const track = canvas.captureStream().getVideoTracks()[0]!
  const ready = () => video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0
  return {
    track,
    begin: (places) => say({ kind: 'begin', places, out: null }),
    follow: (camera) => {
      video.srcObject = new MediaStream([camera])
      // A play() that another source interrupts is refused; that one plays.
      void video.play().catch(() => undefined)
      say({ kind: 'source', frames: null, rate: rateOf(camera) })
    },
    ask: () => {
      const nothing = () => say({ kind: 'picture', picture: null })
      if (!ready()) return nothing()
      createImageBitmap(video).then((picture) => say({ kind: 'picture', picture }, [picture]), nothing)
    },
    made: (picture) => {
      if (canvas.width !== picture.width || canvas.height !== picture.height) {
        canvas.width = picture.width
        canvas.height = picture.height
      }
      pen.drawImage(picture, 0, 0)
      picture.close()
    },
    stop: () => {
      video.srcObject = null
      track.stop()
    },
  }
}
