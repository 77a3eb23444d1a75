import type { CallReact } from '@/contract'
import type {
  CallError,
  DeviceKind,
  Devices,
  LeftBecause,
  Notice,
  Own,
  Peer,
  Phase,
  Reaction,
  Sample,
  WayCheck,
} from './types'

/** The one call of the room that this page is in: what is, and what may be asked. Reactive; see `./types`. */
export interface Call {
  readonly phase: Phase
  readonly leftBecause: LeftBecause | null
  /** Why joining was refused, or the call was lost. Gone with the next attempt. */
  readonly error: CallError | null
  /** One's own seat, while `in` or `reconnecting`. */
  readonly seat: string | null
  readonly own: Own
  readonly devices: Devices
  /** Which ones were chosen on this device; empty: whichever the browser takes. */
  readonly chosen: Readonly<Record<DeviceKind, string>>
  /** The others, in the order of joining; never sorted by who speaks. Empty while one is not in the call. */
  readonly peers: readonly Peer[]
  /** Seat of who speaks now, or spoke last; one's own counts too. Changes calmly. Null: nobody has spoken yet. */
  readonly activeSpeaker: string | null
  /** This person is in the call with another tab or device; joining from here takes it over. */
  readonly elsewhere: boolean
  /** The browser plays nothing before the page was touched: show a button for `soundOn()`. */
  readonly soundBlocked: boolean
  /** The line is so narrow that one's own camera is paused for somebody; sound goes first. */
  readonly audioFirst: boolean
  /** This device is short of time: it makes and wants fewer and smaller pictures until it has some again. */
  readonly strained: boolean
  /** Held down just now: the microphone is open for as long. */
  readonly pushing: boolean
  /** Those of the last few seconds, the oldest first. */
  readonly reactions: readonly Reaction[]
  /** What `checkWay()` has found; null before. */
  readonly way: WayCheck | null

  /** Opens what is wanted of microphone and camera for the page before the call. Call it in the handler of a touch where
   * there is one. Causes of failure are told in `own`; it never rejects. */
  prepare(): Promise<void>
  /** Lets go of what `prepare` opened. Nothing happens in the call. */
  stopPreparing(): void
  /** Joins with what is wanted now; works without any device. Never rejects: see `phase` and `error`. */
  join(): Promise<void>
  /** Joins although another tab or device of this person is in the call: that one is put out. */
  takeOver(): Promise<void>
  leave(): Promise<void>

  /** Opens or mutes. In the call, muting is silence at the others at once; nothing waits for the server. */
  setMicrophone(on: boolean): Promise<void>
  setCamera(on: boolean): Promise<void>
  /** Lets the person choose what to share; to be called in the handler of a touch or key. False: they chose nothing. */
  shareScreen(): Promise<boolean>
  stopScreen(): void
  chooseDevice(kind: DeviceKind, id: string): Promise<void>
  /** Where the browser itself asks for a loudspeaker, or tells of them only when asked: in the handler of a touch. */
  nameLoudspeakers(): Promise<void>
  /** Push to talk: `true` while the key is down. Changes nothing when the microphone is on anyway. */
  pushToTalk(down: boolean): void
  setHand(up: boolean): Promise<void>
  react(emoji: CallReact['emoji']): void

  /** How large somebody's picture is shown, in CSS pixels, and whether at all: what they send here follows. Tell it when a
   * tile is placed, changes size, is hidden or goes (`visible: false`). Untold: small. */
  setTileSize(seat: string, what: 'camera' | 'screen', width: number, height: number, visible: boolean): void
  setVolume(seat: string, volume: number): void
  /** After a touch, when `soundBlocked`. */
  soundOn(): Promise<void>
  /** Looks for ways out of this network, for the page before the call: `way` tells. */
  checkWay(): Promise<void>

  /** How loud a seat is now, or oneself (`me`), 0 to 1, for meters: to be asked in each frame; not reactive. */
  level(of: string): number
  /** One sample a second, the oldest first, at most two minutes; not reactive: ask once a second. */
  history(seat: string): readonly Sample[]
  /** Everybody's sound with one's own, and that of shared screens, as one stream: for recording. `stop()` when done. */
  mix(): { stream: MediaStream; stop: () => void }
  /** Told once each, as for toasts; until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void
}
