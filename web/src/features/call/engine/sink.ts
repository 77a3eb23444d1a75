import { spare } from '@/design/sounds'
import { Output } from '../../voice/output'
import { Meter } from '../../voice/sound'

const TOUCHES = ['pointerup', 'keydown'] as const
/** Later than could be, by less than anybody hears: sound is then mixed in a third of the turns, which in a call of many is felt. */
const LATENCY_S = 0.03
/** What voices come in: a context of another rate would convert each of them by itself. */
const RATE_HZ = 48_000

/** What comes of one track: measured before it is made softer, then played. */
class Voice {
  readonly meter: Meter
  private readonly gain: GainNode
  private readonly source: MediaStreamAudioSourceNode

  constructor(
    private readonly context: AudioContext,
    readonly track: MediaStreamTrack,
    out: AudioNode,
  ) {
    this.source = context.createMediaStreamSource(new MediaStream([track]))
    this.gain = context.createGain()
    this.meter = new Meter(context)
    this.source.connect(this.meter.analyser)
    this.source.connect(this.gain).connect(out)
  }

  set volume(to: number) {
    this.gain.gain.setTargetAtTime(to, this.context.currentTime, 0.02)
  }

  close(): void {
    this.source.disconnect()
    this.gain.disconnect()
    this.meter.analyser.disconnect()
  }
}

/**
 * Plays everybody: one context for the whole call, begun with a touch and then never stopped. Newcomers are mixed into it: an
 * element of their own would stay silent when the page is behind another one.
 */
export class Sink {
  output: Output | null = null
  private context: AudioContext | null = null
  private master: GainNode | null = null
  private readonly voices = new Map<string, Voice>()
  private own: { meter: Meter; source: MediaStreamAudioSourceNode; track: MediaStreamTrack } | null = null
  private readonly volumes = new Map<string, number>()
  /** Chromium lets remote tracks sound in a context only while some element plays them, silently: one for all. */
  private readonly driver = new Audio()
  private readonly driven = new MediaStream()

  constructor(private readonly blocked: (is: boolean) => void) {
    this.driver.muted = true
    this.driver.srcObject = this.driven
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

  /** Plays this track under a name, instead of what was played there; null: nothing. */
  play(name: string, track: MediaStreamTrack | null): void {
    const known = this.voices.get(name)
    if (known?.track === track) return
    if (known) {
      known.close()
      this.voices.delete(name)
      this.driven.removeTrack(known.track)
    }
    if (!track) return
    spare(true)
    const context = this.ready()
    this.driven.addTrack(track)
    void this.driver.play().catch(() => undefined)
    const voice = new Voice(context, track, this.master!)
    voice.volume = this.volumes.get(name) ?? 1
    this.voices.set(name, voice)
    this.look()
  }

  volume(name: string, volume: number): void {
    this.volumes.set(name, volume)
    const voice = this.voices.get(name)
    if (voice) voice.volume = volume
  }

  /** How loud it comes, 0 to 1; a context that stands still would show its last moment for ever. */
  level(name: string): number {
    return this.context?.state === 'running' ? (this.voices.get(name)?.meter.level() ?? 0) : 0
  }

  /** Measures one's own microphone, which is not played; null: none. */
  listen(track: MediaStreamTrack | null): void {
    if (this.own?.track === track) return
    this.own?.source.disconnect()
    this.own = null
    if (!track) return
    const context = this.ready()
    const source = context.createMediaStreamSource(new MediaStream([track]))
    const meter = new Meter(context)
    source.connect(meter.analyser)
    this.own = { meter, source, track }
  }

  /** How loud one's own microphone is, 0 to 1. */
  ownLevel(): number {
    return this.context?.state === 'running' ? (this.own?.meter.level() ?? 0) : 0
  }

  /** All that is played, and these tracks besides: for recording. */
  mix(besides: readonly MediaStreamTrack[]): { stream: MediaStream; stop: () => void } {
    const context = this.ready()
    const out = context.createMediaStreamDestination()
    this.master!.connect(out)
    const own = besides.map((track) => context.createMediaStreamSource(new MediaStream([track])))
    for (const source of own) source.connect(out)
    return {
      stream: out.stream,
      stop: () => {
        this.master?.disconnect(out)
        for (const source of own) source.disconnect()
        for (const track of out.stream.getTracks()) track.stop()
      },
    }
  }

  /** Silent until it is asked to play again. */
  clear(): void {
    for (const name of [...this.voices.keys()]) this.play(name, null)
    this.volumes.clear()
    spare(false)
    this.blocked(false)
  }

  private ready(): AudioContext {
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: LATENCY_S, sampleRate: RATE_HZ })
      this.output = new Output(this.context)
      this.master = this.context.createGain()
      this.master.connect(this.output.node)
      this.context.onstatechange = () => this.look()
    }
    return this.context
  }

  private look(): void {
    this.blocked(this.voices.size > 0 && this.context !== null && this.context.state !== 'running')
  }

  private readonly touched = () => {
    if (this.voices.size > 0 && this.context?.state !== 'running') void this.unlock()
  }
}
