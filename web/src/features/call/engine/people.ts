import { heedEncoders } from '../effects'
import { shallowRef } from 'vue'
import type { CallParticipant, CallSettings } from '@/contract'
import { everyTick } from '../../voice/ticks'
import { setSender } from './apply'
import { countersOf } from './counters'
import { sampleOf } from './grades'
import { cameraFor, screenFor, type Source } from './sending'
import type { Sink } from './sink'
import { Someone } from './someone'
import { Strain } from './strain'
import type { Transport, TransportTells } from './transport'
import type { Peer } from './types'

/** Ticks of a tenth of a second. */
const MEASURE_TICKS = 10
const SOON_TICKS = 2
const SHORT_TICKS = 15
/** Whoever comes to so many others begins with few pictures a second. */
const MANY = 3
/** What a camera sends at the least while it sends. */
const SENDS_KBPS = 1

export interface PeopleHooks {
  transport(): Transport | null
  sink: Sink
  pictures(): CallSettings['pictures']
  /** After each tick: who speaks, of the others. */
  ticked(speaking: readonly string[]): void
}

/** The others in the call, as the page is told of them: what comes is played, measured, and what goes to them adapted. */
export class People {
  readonly peers = shallowRef<readonly Peer[]>([])
  /** The camera is paused for somebody, for want of room on the line. */
  readonly audioFirst = shallowRef(false)
  /** This device is short of time: it makes and wants less of pictures. */
  readonly strained = shallowRef(false)
  private strain = new Strain()
  private readonly all = new Map<string, Someone>()
  /** Kept beyond somebody's coming and going. */
  private readonly volumes = new Map<string, number>()
  private ticks = 0
  private rest: (() => void) | null = null

  constructor(private readonly hooks: PeopleHooks) {}

  /** Those who are in the call besides oneself, in the order of joining. */
  follow(others: readonly CallParticipant[]): void {
    const now = performance.now()
    const here = new Set(others.map(({ id }) => id))
    if (this.all.size === 0 && others.length >= MANY) this.strain.start()
    for (const seat of [...this.all.keys()]) if (!here.has(seat)) this.forget(seat)
    for (const is of others) {
      const known = this.all.get(is.id)
      if (known) known.is = is
      else {
        const made = new Someone(is, now)
        made.volume = this.volumes.get(is.person) ?? 1
        this.hooks.sink.volume(is.id, made.volume)
        this.all.set(is.id, made)
      }
      this.look(this.all.get(is.id)!)
    }
    this.tell(others.map(({ id }) => id))
    this.rest ??= everyTick(() => this.tick())
    this.adapt()
  }

  /** What the way for media tells. */
  readonly tells: Pick<TransportTells, 'incoming' | 'link' | 'wished' | 'paused'> = {
    incoming: (seat, what, track) => {
      const one = this.all.get(seat)
      if (!one) return
      one.tracks[what] = track
      this.change(one)
    },
    link: (seat, state) => {
      const one = this.all.get(seat)
      if (!one) return
      if (state !== 'connected') one.counters = null
      one.link = state
      if (state === 'connected') void this.measure(one)
      this.change(one)
    },
    wished: (seat, wish) => {
      const one = this.all.get(seat)
      if (!one) return
      one.wished = wish
      this.send(one)
    },
    paused: (seat, is) => {
      const one = this.all.get(seat)
      if (!one) return
      one.pauses = is
      this.change(one)
    },
  }

  /** How large somebody's picture is shown here. */
  size(seat: string, what: 'camera' | 'screen', width: number, height: number, visible: boolean): void {
    const one = this.all.get(seat)
    if (!one) return
    const dense = Math.min(2, window.devicePixelRatio || 1)
    const px = (length: number) => Math.min(4_096, Math.max(1, Math.round(length * dense)))
    const next = visible ? ([px(width), px(height)] as const) : null
    const before = one.shown[what]
    if (next?.[0] === before?.[0] && next?.[1] === before?.[1]) return
    one.shown = { ...one.shown, [what]: next }
    this.want(one)
    this.change(one)
  }

  /** Says how large somebody's pictures are wanted: as they are shown, or smaller where this device is short of time. */
  private want(one: Someone): void {
    const { camera, screen } = one.shown
    const less = (length: number) => Math.max(1, Math.round(length * this.strain.share))
    one.wish = { camera: camera && [less(camera[0]), less(camera[1])], screen }
    this.hooks.transport()?.wish(one.is.id, one.wish)
  }

  setVolume(seat: string, volume: number): void {
    const one = this.all.get(seat)
    if (!one || !(volume >= 0 && volume <= 1)) return
    one.volume = volume
    this.volumes.set(one.is.person, volume)
    for (const name of [seat, `${seat}/sound`]) this.hooks.sink.volume(name, volume)
    this.change(one)
  }

  history(seat: string) {
    return this.all.get(seat)?.samples ?? []
  }

  /** Sets what goes to each of the others anew. */
  adapt(): void {
    for (const one of this.all.values()) this.send(one)
  }

  clear(): void {
    this.rest?.()
    this.rest = null
    for (const seat of [...this.all.keys()]) this.forget(seat)
    this.peers.value = []
    this.audioFirst.value = this.strained.value = false
    this.strain = new Strain()
  }

  private forget(seat: string): void {
    for (const name of [seat, `${seat}/sound`]) this.hooks.sink.play(name, null)
    this.all.delete(seat)
  }

  private change(one: Someone): void {
    if (this.look(one)) this.tell()
  }

  private look(one: Someone): boolean {
    this.hooks.sink.play(one.is.id, one.open('microphone'))
    this.hooks.sink.play(`${one.is.id}/sound`, one.open('sound'))
    return one.look(performance.now())
  }

  private tell(order = this.peers.value.map(({ seat }) => seat)): void {
    this.peers.value = order.flatMap((seat) => this.all.get(seat)?.peer ?? [])
  }

  private tick(): void {
    this.ticks += 1
    const now = performance.now()
    if (document.hidden) this.strain.rest()
    else if (this.strain.look(now)) this.spare()
    let changed = false
    // What comes from many comes later if all of them are looked at that often.
    const usual = this.strain.short ? SHORT_TICKS : MEASURE_TICKS
    const soon = Math.min(usual, Math.max(SOON_TICKS, this.all.size))
    for (const one of this.all.values()) {
      one.talking.hear(one.open('microphone') ? this.hooks.sink.level(one.is.id) : 0, now)
      if (this.ticks % (one.coming ? soon : usual) === 0) void this.measure(one)
      if (this.look(one)) changed = true
    }
    if (changed) this.tell()
    this.hooks.ticked([...this.all.values()].filter(({ talking }) => talking.on).map(({ is }) => is.id))
  }

  /** This device has become short of time, or has some again. */
  private spare(): void {
    this.strained.value = this.strain.short
    for (const one of this.all.values()) this.want(one)
    this.adapt()
  }

  private async measure(one: Someone): Promise<void> {
    const at = this.hooks.transport()?.at(one.is.id)
    if (!at || one.measuring) return
    const { connection } = at
    one.measuring = true
    const report = await connection.getStats().catch(() => null)
    one.measuring = false
    if (!report || this.hooks.transport()?.at(one.is.id)?.connection !== connection) return
    const counted = countersOf(
      report,
      connection.getTransceivers().map(({ mid }) => mid),
    )
    const now = performance.now()
    const due = now - (one.samples.at(-1)?.at ?? -Infinity) >= 900
    if (due) {
      const sample = sampleOf(one.sampled, counted, connection.connectionState === 'connected', now)
      one.sampled = counted
      one.keep(sample)
      heedEncoders(report, now)
      const loss = sample.sendsCamera && sample.sendsCamera.kbps > SENDS_KBPS ? sample.sendsCamera.loss : null
      const before = one.narrow.state
      const after = one.narrow.look(sample.canSendKbps, loss, now)
      if (before !== after && (before === 'paused' || after === 'paused')) {
        this.hooks.transport()?.pause(one.is.id, after === 'paused')
        this.audioFirst.value = [...this.all.values()].some(({ narrow }) => narrow.state === 'paused')
      }
      this.send(one)
    }
    one.counters = counted
    this.change(one)
  }

  private send(one: Someone): void {
    const transport = this.hooks.transport()
    const at = transport?.at(one.is.id)
    if (!transport || !at) return
    const receivers = this.all.size
    const { camera, screen } = transport.tracks
    const [picture, share] = [at.sender('camera'), at.sender('screen')]
    if (picture && camera) {
      const to = cameraFor(
        this.hooks.pictures(),
        one.wished.camera,
        sizeOf(camera),
        receivers,
        one.narrow.state,
        this.strain.share,
      )
      void setSender(picture, to, 'balanced')
    }
    if (share && screen) {
      const to = screenFor(one.wished.screen, sizeOf(screen), receivers, one.narrow.state)
      void setSender(share, to, 'maintain-resolution')
    }
  }
}

function sizeOf(track: MediaStreamTrack): Source {
  const { width, height } = track.getSettings()
  return { width: width ?? 1280, height: height ?? 720 }
}
