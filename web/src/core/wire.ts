import type { Commands, Events, Queries, ServerSignals, Snapshots, StreamName } from '@/contract'

/** How far each stream has been seen. A person who is no host has no `hosts`. */
export type Seqs = Partial<Record<StreamName, number>>

export type EventType = keyof Events

/** Something that happened, as it comes over the wire: `type` tells the shape of `data`. */
export type WireEvent = {
  [T in EventType]: { stream: StreamName; seq: number; at: number; type: T; data: Events[T] }
}[EventType]

export type EventOf<T extends EventType> = Extract<WireEvent, { type: T }>

export type WireSignal = {
  [T in keyof ServerSignals]: { type: T; from: string | null; data: ServerSignals[T] }
}[keyof ServerSignals]

export interface WireSnapshot {
  features: Snapshots
  seqs: Seqs
  now: number
}

export type CommandName = keyof Commands
export type QueryName = keyof Queries

/** What an ack brings: the answer's own fields beside `ok: true`, or a refusal. */
export type Ack = { ok: true; [field: string]: unknown } | RefusedAck

export interface RefusedAck {
  ok: false
  code: string
  message: string
  field?: string
  retry_after?: number
}
