import { shallowReactive, watch, type Ref } from 'vue'
import type { Processed, Processor } from './processors'
import type { Opened } from './opened'
import type { OwnMedium } from './types'

type Changing = { -readonly [K in keyof OwnMedium]: OwnMedium[K] }

export interface SourceHooks {
  open(): Promise<Opened>
  /** What goes out is another one now; null: nothing. */
  sends(track: MediaStreamTrack | null): void
  /** It ended by itself: pulled out, or taken away by the system. */
  ended(): void
  /** Without what the processor does, it may go out as it is. */
  readonly plainIsFine: boolean
  /** The old one is closed before another one is opened, as phones have one camera for all. Without, nothing is missed meanwhile. */
  readonly makesWay: boolean
}

/** One device of one's own: opened when it is wanted, changed by a processor on its way out, the same for preview and call. */
export class Source {
  readonly state: Changing = shallowReactive<Changing>({
    wanted: false,
    on: false,
    held: false,
    asking: false,
    trouble: null,
    paused: false,
    device: '',
    stream: null,
  })
  /** As it comes from the device: for meters. */
  raw: MediaStreamTrack | null = null
  /** As it goes out. */
  out: MediaStreamTrack | null = null
  private processed: Processed | null = null
  private turn = 0
  private pass = 0
  private opening: Promise<void> | null = null

  constructor(
    private readonly hooks: SourceHooks,
    private readonly processor: Ref<Processor | null>,
  ) {
    watch(processor, () => void this.process(), { flush: 'sync' })
  }

  /** Opens it, if it is not. What comes of it is in the state. */
  async open(): Promise<void> {
    if (this.raw?.readyState === 'live') return
    this.opening ??= this.ask().finally(() => (this.opening = null))
    return this.opening
  }

  /** Opens it anew, as after another one was chosen. What is sent changes when the new one is there. */
  async reopen(): Promise<void> {
    if (this.opening) await this.opening
    this.opening = this.ask().finally(() => (this.opening = null))
    return this.opening
  }

  close(): void {
    this.turn += 1
    this.pass += 1
    this.letGo()
    this.put(null)
  }

  private async ask(): Promise<void> {
    const turn = ++this.turn
    this.state.asking = true
    const before = this.raw
    if (before) before.onended = before.onmute = before.onunmute = null
    if (this.hooks.makesWay) for (const track of [before, this.out]) track?.stop()
    const { track, trouble } = await this.hooks.open()
    this.state.asking = false
    if (turn !== this.turn) return track?.stop()
    this.state.trouble = trouble
    if (!track) {
      this.letGo()
      return this.put(null)
    }
    before?.stop()
    this.raw = track
    this.state.device = track.getSettings().deviceId ?? ''
    this.state.paused = track.muted
    track.onmute = () => (this.state.paused = true)
    track.onunmute = () => (this.state.paused = false)
    track.onended = () => {
      if (this.raw !== track) return
      this.close()
      this.hooks.ended()
    }
    await this.process()
  }

  private async process(): Promise<void> {
    const { raw } = this
    if (!raw) return
    const pass = ++this.pass
    const before = this.processed
    let next: Processed | null = null
    if (this.processor.value) {
      try {
        next = await this.processor.value(raw)
      } catch {
        // Shown as it is only where nothing was to be hidden.
        if (!this.hooks.plainIsFine && pass === this.pass) {
          this.state.trouble = 'unsupported'
          this.put(null)
          return
        }
      }
    }
    if (pass !== this.pass || raw.readyState !== 'live') return next?.stop()
    const old = this.out
    this.processed = next
    // A copy, so that muting silences what goes out, and meters go on.
    this.put(next?.track ?? raw.clone())
    before?.stop()
    old?.stop()
  }

  private put(track: MediaStreamTrack | null): void {
    this.out = track
    this.state.stream = track ? new MediaStream([track]) : null
    this.hooks.sends(track)
  }

  private letGo(): void {
    const { raw, out } = this
    if (raw) raw.onended = raw.onmute = raw.onunmute = null
    this.processed?.stop()
    this.processed = null
    out?.stop()
    raw?.stop()
    this.raw = null
    this.state.device = ''
    this.state.paused = false
  }
}
