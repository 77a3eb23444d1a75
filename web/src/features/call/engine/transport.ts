import type { CallSaid, CallSay } from '@/contract'
import type { Sent, Tracks } from './peer'
import type { LinkState } from './types'

/** Somebody's place in the call, as the server tells it. */
export interface Place {
  readonly seat: string
  /** Rises when their media begins anew. */
  readonly epoch: number
  /** Their connection to the server is there: they hear words. */
  readonly there: boolean
}

/** How large somebody's pictures are wanted here, in pixels of the device; null: not at all. */
export interface Wish {
  readonly camera: readonly [number, number] | null
  readonly screen: readonly [number, number] | null
}

export interface TransportTells {
  /** A word for one other participant; it may be lost. */
  say(word: CallSay): void
  /** What comes of somebody; null: nothing may come any more. */
  incoming(seat: string, what: Sent, track: MediaStreamTrack | null): void
  link(seat: string, state: LinkState): void
  /** Somebody says how large they want the pictures of this page. */
  wished(seat: string, wish: Wish): void
  /** Somebody's own camera is paused for this page, because the line between is too narrow; or not any more. */
  paused(seat: string, is: boolean): void
  /** Nobody can be reached by any means, though all are there: it is this page's place that is to begin anew. */
  stuck(): void
}

/** A way for media between those who are in the call. Directly (`mesh`); a media server would be another one. */
export interface Transport {
  /** Who is in the call now, oneself among them. */
  follow(me: Place, others: readonly Place[]): void
  /** What is sent from now on; null: nothing of the kind. */
  put(what: Sent, track: MediaStreamTrack | null): Promise<void>
  hear(word: CallSaid): void
  /** Whether words can be sent. */
  ready(is: boolean): void
  /** The device is in another network, or has slept. */
  moved(): void
  serve(servers: RTCIceServer[], late: boolean): void
  wish(seat: string, wish: Wish): void
  /** Tells somebody that the camera is paused for them. */
  pause(seat: string, is: boolean): void
  /** The browser's connection with somebody and what is sent over it, to measure and to adapt; null while there is none. */
  at(seat: string): { connection: RTCPeerConnection; sender(what: Sent): RTCRtpSender | null } | null
  readonly tracks: Readonly<Tracks>
  close(): void
}
