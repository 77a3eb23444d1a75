/**
 * What the page of a call is told by its engine, and may ask of it: `useCall()` of `./index`. All of it is reactive
 * unless it says otherwise; nothing of it is to be changed by the page but by the actions.
 */

export type Medium = 'microphone' | 'camera' | 'screen'
export type DeviceKind = 'microphone' | 'camera' | 'loudspeaker'

/**
 * - `idle`: nothing is open.
 * - `prejoin`: devices are open for a look (`prepare`), nobody sees or hears them.
 * - `joining`: asked, and not answered yet.
 * - `in`: in the call; single connections may still be on their way (`Peer.link`).
 * - `reconnecting`: in the call, and the server cannot be reached. Media that flows goes on flowing.
 * - `elsewhere`: another tab or device of this person has taken the call over, or has had it when this one wanted to
 *   join. `takeOver()` brings it here.
 * - `left`: it was left, or ended here; `leftBecause` says why. `prepare()` or `join()` begin again.
 */
export type Phase = 'idle' | 'prejoin' | 'joining' | 'in' | 'reconnecting' | 'elsewhere' | 'left'

/** `self`; `sent_out` by a host; `over`: the activity was switched off or the room was closed; `lost`: the server has
 * given the seat up while this page was away, and joining again was refused (`error`). */
export type LeftBecause = 'self' | 'sent_out' | 'over' | 'lost'

/** Why something of one's own cannot be sent. */
export type Trouble =
  /** The page came without HTTPS. */
  | 'insecure'
  /** The browser cannot do it for pages. */
  | 'unsupported'
  /** The person, the browser or the system has not allowed it. */
  | 'denied'
  /** There is none. */
  | 'missing'
  /** There is one, and it does not start: something else has it. */
  | 'busy'
  /** It was pulled out, and there is no other. */
  | 'unplugged'

export interface OwnMedium {
  /** What the person wants; kept over reloads and new connections. */
  readonly wanted: boolean
  /** It is open and, in the call, sent: what a button shows. A held one is never on. */
  readonly on: boolean
  /** A host has switched it off and keeps it off. */
  readonly held: boolean
  /** The browser is asked, and perhaps the person. */
  readonly asking: boolean
  /** Why it is not on although it is wanted. */
  readonly trouble: Trouble | null
  /** The system has paused it for a while, as phones do; or it is muted by a switch of its own. */
  readonly paused: boolean
  /** The id of the device in use, as in `devices`; empty when none is open. Always empty for screens. */
  readonly device: string
  /** For previews: the same object as long as the track is the same. Null while nothing is open. Never play its sound. */
  readonly stream: MediaStream | null
}

export interface Own {
  readonly microphone: OwnMedium
  readonly camera: OwnMedium
  readonly screen: OwnMedium
  /** The sound of the shared tab or system goes along. */
  readonly screenSound: boolean
  /** It is this very tab that is shared: its sound stays here, as the others would hear themselves. */
  readonly screenSilenced: boolean
  /** The hand is up. */
  readonly hand: boolean
  /** Speaking by one's own microphone, measured. */
  readonly speaking: boolean
  /** Speaks with a microphone that is off: worth a hint. */
  readonly unheard: boolean
}

export interface Device {
  readonly id: string
  readonly name: string
}

export interface Devices {
  readonly microphone: readonly Device[]
  readonly camera: readonly Device[]
  /** Empty where the browser does not tell. */
  readonly loudspeaker: readonly Device[]
}

/** How one medium of somebody is, from what is measured here. */
export type Arrival =
  /** Neither said nor coming. */
  | 'off'
  /** Said to be on, and nothing has come yet; for a short while only. */
  | 'coming'
  /** It arrives: frames are decoded, packets of sound come. */
  | 'here'
  /** Said to be on, and nothing arrives any more, or ever. */
  | 'missing'
  /** Held by a host: dropped here whatever comes. */
  | 'held'
  /** Not sent for now because the line is too narrow: sound goes first. Not asked for, too, while no tile shows it. */
  | 'paused'

export type Grade = 'good' | 'fair' | 'poor' | 'lost' | 'unknown'

/** `waiting`: the other one's connection to the server is away and media has not begun. */
export type LinkState = 'waiting' | 'connecting' | 'connected' | 'reconnecting' | 'failed'

/** Somebody else in the call. A new object when something of it changes; streams stay the same objects. */
export interface Peer {
  readonly seat: string
  readonly person: string
  readonly link: LinkState
  /** To be put into a muted `<video>`; null while nothing of it arrives. Sound is played by the engine itself. */
  readonly cameraStream: MediaStream | null
  readonly screenStream: MediaStream | null
  readonly microphone: Arrival
  readonly camera: Arrival
  readonly screen: Arrival
  /** A share that brings its own sound. */
  readonly screenSound: boolean
  /** Measured here, with a rest so that it does not flicker. */
  readonly speaking: boolean
  readonly quality: Grade
  /** Which of theirs a host holds. */
  readonly held: readonly Medium[]
  /** When the hand went up, by the server's clock; null: it is down. */
  readonly handAt: number | null
  /** How loud this one is played here, 0 to 1. */
  readonly volume: number
}

/** One second of one stream. Numbers are null while there is nothing to measure by. */
export interface StreamSample {
  readonly kbps: number
  /** Part of the packets that did not arrive, 0 to 1. */
  readonly loss: number | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  readonly codec: string | null
}

export interface Sample {
  /** By `performance.now()`. */
  readonly at: number
  readonly rttMs: number | null
  readonly jitterMs: number | null
  /** What congestion control thinks can be sent to this one. */
  readonly canSendKbps: number | null
  /** Over a relay (TURN). */
  readonly relayed: boolean
  readonly grade: Grade
  readonly hears: StreamSample | null
  readonly sees: StreamSample | null
  readonly seesScreen: StreamSample | null
  readonly sendsSound: StreamSample | null
  readonly sendsCamera: StreamSample | null
  readonly sendsScreen: StreamSample | null
}

export interface Reaction {
  /** Counts up: a key for lists. */
  readonly id: number
  readonly person: string
  readonly emoji: string
  /** By `performance.now()`. */
  readonly at: number
}

export interface CallError {
  readonly code: string
  readonly message: string
}

/** What there is to tell once, as by a toast. */
export type Notice =
  | { readonly kind: 'unplugged'; readonly device: DeviceKind; readonly now: string | null }
  | { readonly kind: 'held'; readonly medium: Medium; readonly on: boolean }
  /** The system or the browser has ended the share. */
  | { readonly kind: 'share_ended' }
  | { readonly kind: 'refused'; readonly error: CallError }

/** Which way media took, when checked before the call. */
export interface WayCheck {
  readonly state: 'running' | 'done'
  /** Addresses of this device's own were found: without any the browser or a VPN hides all. */
  readonly host: boolean
  /** UDP leads out of this network: a STUN server has answered. Null: none is set up, so it is not known. */
  readonly udp: boolean | null
  /** The relay was reached and took the credentials. Null: none is set up. */
  readonly relay: boolean | null
  /** What the relay said when it did not: `refused` (credentials), `unreachable`. */
  readonly relayTrouble: 'refused' | 'unreachable' | null
}
