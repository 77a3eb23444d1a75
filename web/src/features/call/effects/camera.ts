import graph from '@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url'
import script from '@mediapipe/selfie_segmentation/selfie_segmentation.js?url'
import tall from '@mediapipe/selfie_segmentation/selfie_segmentation.tflite?url'
import wide from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url'
import wasm from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url'
import type { FromWorker, ToWorker } from './messages'
import { canvasWay, streamWay, streamsHere, type Way } from './ways'
import type { Processed } from '../engine/processors'
import type { Background, BackgroundHealth } from './types'

/** Whole addresses: a worker's own are not the page's. */
const whole = (path: string) => new URL(path, location.href).href
const PLACES = {
  script: whole(script),
  wasm: whole(wasm),
  graph: whole(graph),
  wide: whole(wide),
  tall: whole(tall),
}

/** How long a worker waits for the camera to come back: loading it anew takes longer than switching devices. */
const LINGER_MS = 20_000

/**
 * One worker that makes pictures with a background. From the first picture on, nothing of the room comes out that was to be
 * hidden, also while the segmenter is on its way and when it fails.
 */
class Studio {
  private readonly worker = new Worker(new URL('./segment.wasm.worker.ts', import.meta.url), {
    type: 'module',
  })
  private readonly way: Way

  constructor(private readonly told: (health: BackgroundHealth) => void) {
    this.way = streamsHere() ? streamWay(this.say) : canvasWay(this.say)
    this.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.heard(data))
    const fail = () => told({ state: 'failed', rate: 0, height: 0 })
    this.worker.addEventListener('error', fail)
    this.worker.addEventListener('messageerror', fail)
    this.way.begin(PLACES)
  }

  private readonly say = (message: ToWorker, transfer: Transferable[] = []): void =>
    this.worker.postMessage(message, transfer)

  private heard(message: FromWorker): void {
    if (message.kind === 'health') this.told(message)
    else if (message.kind === 'ask') this.way.ask()
    else this.way.made(message.picture)
  }

  use(background: Background, own: ImageBitmap | null): void {
    this.say({ kind: 'background', background, own }, own ? [own] : [])
  }

  press(pressed: boolean): void {
    this.say({ kind: 'pressed', pressed })
  }

  /** What comes out, with this camera from now on: for whoever asks a track of their own, to be stopped alone. */
  through(camera: MediaStreamTrack): MediaStreamTrack {
    this.way.follow(camera)
    return this.way.track.clone()
  }

  close(): void {
    this.worker.terminate()
    this.way.stop()
  }
}

/** The one worker of this page, as long as somebody looks at what it makes, and a little longer. */
export class Backgrounds {
  private studio: Studio | null = null
  private looking = 0
  private closing: ReturnType<typeof setTimeout> | undefined
  private now: { background: Background; own: Blob | null } = { background: 'strong', own: null }

  constructor(private readonly told: (health: BackgroundHealth) => void) {}

  async use(background: Background, own: Blob | null): Promise<void> {
    const wanted = (this.now = { background, own })
    const studio = this.studio
    if (!studio) return
    // What cannot be read any more is as good as none: then the room is softened.
    const picture = own && background === 'own' ? await createImageBitmap(own).catch(() => null) : null
    if (this.now === wanted && this.studio === studio) studio.use(background, picture)
    else picture?.close()
  }

  press(pressed: boolean): void {
    this.studio?.press(pressed)
  }

  async process(camera: MediaStreamTrack): Promise<Processed> {
    clearTimeout(this.closing)
    this.looking += 1
    if (!this.studio) {
      this.studio = new Studio(this.told)
      await this.use(this.now.background, this.now.own)
    }
    const track = this.studio.through(camera)
    let stopped = false
    const stop = () => {
      if (stopped) return
      stopped = true
      track.stop()
      this.looking -= 1
      if (this.looking === 0) this.closing = setTimeout(() => this.close(), LINGER_MS)
    }
    return { track, stop }
  }

  /** At once: nothing is to stand behind anybody any more, or it has failed and is tried again. */
  close(): void {
    clearTimeout(this.closing)
    this.studio?.close()
    this.studio = null
    this.told({ state: 'off', rate: 0, height: 0 })
  }
}
