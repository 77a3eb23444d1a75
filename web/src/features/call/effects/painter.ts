import { Blender, fitted, sizeOf, type Picture, type Size } from './blend'
import type { FromWorker, ToWorker } from './messages'
import { BEGIN, paced, stepOf, type Pace } from './pace'
import { paintedScene } from './scenes'
import { Segmenter } from './segmenter'
import { isScene, type Background } from './types'

type Tell = (message: FromWorker, transfer?: Transferable[]) => void

const SECOND = 1000

/** What a second has taken so far. */
const fresh = () => ({ done: 0, busy: 0, outlines: 0, outlineMs: 0, pictureMs: 0 })

/**
 * Takes the camera's pictures and makes those that go out, as many as it can. Until it knows where somebody is, and
 * whenever it does not, the whole picture is background: never the room that was to be hidden.
 */
export class Painter {
  private readonly blender = new Blender()
  private segmenter: Segmenter | null = null
  private failed = false
  private background: Background = 'strong'
  private own: ImageBitmap | null = null
  private painted: { key: string; canvas: OffscreenCanvas } | null = null
  private writer: WritableStreamDefaultWriter<VideoFrame> | null = null
  private reader: ReadableStreamDefaultReader<VideoFrame> | null = null
  private camera = 30
  private cameraHeight = 720
  private pressed = false
  private pace: Pace = BEGIN
  private spent = fresh()
  private last = -Infinity
  private working = false
  private asking: ReturnType<typeof setInterval> | null = null

  constructor(private readonly tell: Tell) {
    setInterval(() => this.second(), SECOND)
  }

  told(message: ToWorker): void {
    if (message.kind === 'begin') this.begin(message)
    else if (message.kind === 'source') this.source(message.frames, message.rate)
    else if (message.kind === 'background') this.behind(message.background, message.own)
    else if (message.kind === 'pressed') this.pressed = message.pressed
    else if (message.picture) void this.picture(message.picture)
    else this.working = false
  }

  private begin({ places, out }: ToWorker & { kind: 'begin' }): void {
    this.writer = out?.getWriter() ?? null
    this.health()
    Segmenter.load(places).then(
      (segmenter) => {
        this.segmenter = segmenter
        this.spent = fresh()
        this.health()
      },
      (error: unknown) => this.fail(error),
    )
  }

  private fail(error: unknown): void {
    console.warn('The background does not run here.', error)
    this.segmenter = null
    this.failed = true
    this.blender.forget()
    this.health()
  }

  private behind(background: Background, own: ImageBitmap | null): void {
    if (own !== this.own) this.own?.close()
    this.own = own
    this.background = background
    this.painted = null
  }

  private source(frames: ReadableStream<VideoFrame> | null, rate: number): void {
    this.camera = rate || 30
    this.blender.forget()
    void this.reader?.cancel().catch(() => undefined)
    this.reader = null
    if (frames) void this.follow((this.reader = frames.getReader()))
    else this.asking ??= setInterval(() => this.ask(), 8)
  }

  /** The browser keeps only the newest picture for whoever is slow: reading is asking for it. */
  private async follow(reader: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }))
      if (done || !value) return
      if (this.due()) await this.paint(value).catch((error: unknown) => this.fail(error))
      value.close()
    }
  }

  private ask(): void {
    if (this.working || !this.due(false)) return
    this.working = true
    this.tell({ kind: 'ask' })
  }

  private async picture(picture: ImageBitmap): Promise<void> {
    this.last = performance.now()
    await this.paint(picture).catch((error: unknown) => this.fail(error))
    picture.close()
    this.working = false
  }

  /** Is it time for the next one? A little early is in time: cameras are not even. */
  private due(now_ = true): boolean {
    const now = performance.now()
    const rate = Math.min(stepOf(this.pace).rate, this.asking ? this.camera : Infinity)
    if (now - this.last < SECOND / rate - 6) return false
    if (now_) this.last = now
    return true
  }

  private async paint(picture: VideoFrame | ImageBitmap): Promise<void> {
    const began = performance.now()
    const [step, from] = [stepOf(this.pace), sizeOf(picture)]
    this.cameraHeight = Math.min(from.width, from.height)
    const size = fitted(from, step.height)
    if (this.segmenter) await this.outline(this.segmenter, picture, from)
    const drawing = performance.now()
    this.send(this.blended(picture, size), picture)
    const now = performance.now()
    this.spent.pictureMs += now - drawing
    this.spent.busy += now - began
    this.spent.done += 1
  }

  private async outline(segmenter: Segmenter, picture: VideoFrame | ImageBitmap, size: Size): Promise<void> {
    const began = performance.now()
    const outline = await segmenter.outline(picture, size)
    if (outline) this.blender.outlined(outline)
    this.spent.outlineMs += performance.now() - began
    this.spent.outlines += 1
  }

  private blended(picture: Picture, size: Size): OffscreenCanvas {
    const behind = this.picked(size)
    if (behind) return this.blender.before(picture, behind, size)
    return this.blender.softened(picture, this.background === 'soft' ? 'soft' : 'strong', size)
  }

  /** The picture that stands behind; null: the room itself, softened, also when one's own picture is not to be had. */
  private picked(size: Size): Picture | null {
    if (this.background === 'own') return this.own
    if (!isScene(this.background)) return null
    const key = `${this.background} ${(size.width / size.height).toFixed(2)}`
    if (this.painted?.key !== key) this.painted = { key, canvas: paintedScene(this.background, size) }
    return this.painted.canvas
  }

  private send(canvas: OffscreenCanvas, picture: VideoFrame | ImageBitmap): void {
    if (this.writer) {
      const timestamp = 'timestamp' in picture ? picture.timestamp : performance.now() * 1000
      // A track that was ended takes no more.
      this.writer.write(new VideoFrame(canvas, { timestamp, alpha: 'discard' })).catch(() => undefined)
      return
    }
    const made = canvas.transferToImageBitmap()
    this.tell({ kind: 'made', picture: made }, [made])
  }

  private second(): void {
    const spent = this.spent
    this.spent = fresh()
    if (this.segmenter)
      this.pace = paced(this.pace, {
        done: spent.done,
        camera: this.camera,
        cameraHeight: this.cameraHeight,
        busy: spent.busy / SECOND,
        outlineMs: spent.outlineMs / Math.max(1, spent.outlines),
        pictureMs: spent.pictureMs / Math.max(1, spent.done),
        pressed: this.pressed,
      })
    this.health(spent.done)
  }

  private health(rate = 0): void {
    const ready = this.segmenter !== null
    const kept = this.pace.struggling ? 'struggling' : this.pace.step > 1 ? 'reduced' : 'full'
    const state = this.failed ? 'failed' : ready ? kept : 'loading'
    const height = Math.min(this.cameraHeight, stepOf(this.pace).height)
    this.tell({ kind: 'health', state, rate, height })
  }
}
