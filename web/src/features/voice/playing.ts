import { Output } from './output'
import { Voice } from './sound'
import { Talking } from './talking'
import { everyTick } from './ticks'

type Tell = (call: string, level: number, speaking: boolean) => void

/** What has not changed is said again after so long: silence for longer means that the page is gone. */
const AGAIN_MS = 1_000

interface Told {
  talking: Talking
  level: number
  speaking: boolean
  at: number
}

/** The sound of a page's calls: one context, and a voice for each call. */
export class Sound {
  output: Output | null = null
  private context: AudioContext | null = null
  private readonly voices = new Map<string, Voice>()
  private told = new Map<string, Told>()
  private heard: string[] = []
  private rest: (() => void) | null = null

  constructor(private readonly blocked: (is: boolean) => void) {
    // Any touch will do; what it was meant for happens all the same.
    for (const touch of TOUCHES) window.addEventListener(touch, this.touched, { capture: true })
  }

  /** After a touch of the person: from then on the page may sound. */
  async unlock(): Promise<void> {
    const context = this.ready()
    try {
      await Promise.all([context.resume(), this.output?.play()])
    } catch {
      // The browser wants another touch: the page goes on saying so.
    }
    this.look()
  }

  /** Plays somebody; who was played in this call before is no more. */
  play(call: string, track: MediaStreamTrack): void {
    const context = this.ready()
    this.voices.get(call)?.close()
    this.voices.set(call, new Voice(context, track, this.output?.node))
    this.look()
  }

  volume(call: string, volume: number): void {
    const voice = this.voices.get(call)
    if (voice) voice.volume = volume
  }

  /** What is heard of it, 0 to 1. A context that stands still would show its last moment for ever. */
  level(call: string): number {
    return this.context?.state === 'running' ? (this.voices.get(call)?.meter.level() ?? 0) : 0
  }

  stop(call: string): void {
    this.voices.get(call)?.close()
    this.voices.delete(call)
  }

  /** Everything but these is over. */
  keep(calls: string[]): void {
    for (const call of [...this.voices.keys()]) if (!calls.includes(call)) this.stop(call)
  }

  /** Ten times a second, how loud these are, until it is called with others. */
  tellLevels(calls: string[], tell: Tell): void {
    this.heard = calls
    for (const call of [...this.told.keys()]) if (!calls.includes(call)) this.told.delete(call)
    if (calls.length > 0) this.rest ??= everyTick(() => this.heard.forEach((call) => this.tick(call, tell)))
    else this.silence()
  }

  close(): void {
    for (const touch of TOUCHES) window.removeEventListener(touch, this.touched, { capture: true })
    this.silence()
    this.keep([])
    void this.context?.close()
  }

  private tick(call: string, tell: Tell): void {
    const now = performance.now()
    const told = this.told.get(call) ?? { talking: new Talking(), level: -1, speaking: false, at: 0 }
    this.told.set(call, told)
    const level = Math.round(this.level(call) * 100)
    const comes = this.context?.state === 'running' ? (this.voices.get(call)?.spoken.level() ?? 0) : 0
    const speaking = told.talking.hear(comes, now)
    if (level === told.level && speaking === told.speaking && now - told.at < AGAIN_MS) return
    Object.assign(told, { level, speaking, at: now })
    tell(call, level, speaking)
  }

  private silence(): void {
    this.rest?.()
    this.rest = null
    this.told = new Map()
  }

  private ready(): AudioContext {
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: 'interactive' })
      this.output = new Output(this.context)
      this.context.onstatechange = () => this.look()
    }
    return this.context
  }

  private look(): void {
    this.blocked(this.context !== null && this.context.state !== 'running')
  }

  private readonly touched = () => {
    if (this.context && this.context.state !== 'running') void this.unlock()
  }
}

const TOUCHES = ['pointerup', 'keydown'] as const
