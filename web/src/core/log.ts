import type { StreamName } from '@/contract'
import type { Seqs } from './wire'

/** What the log needs to know of an event; it carries the rest through. */
export interface Numbered {
  stream: StreamName
  seq: number
}

/** Events held back for each stream. What does not fit is asked for again with the gap before it. */
const HELD_AT_MOST = 2_000

class Cursor<E extends Numbered> {
  /** Applied so far; undefined before the first snapshot. */
  at: number | undefined
  /** The newest number known to exist. */
  head = 0
  readonly held = new Map<number, E>()

  get behind(): boolean {
    return this.at !== undefined && this.head > this.at
  }

  forgetUpTo(seq: number): void {
    for (const known of this.held.keys()) if (known <= seq) this.held.delete(known)
  }
}

/**
 * Puts what the server sends into order: each event of a stream is given out once, in the order of its number.
 *
 * No input or output happens here. Whoever feeds it looks at `behind` and asks the server to resume when a gap
 * does not close by itself.
 */
export class OrderedLog<E extends Numbered> {
  private readonly cursors = new Map<StreamName, Cursor<E>>()

  /** What has been given out, to be named when resuming; undefined before the first snapshot. */
  get seqs(): Seqs | undefined {
    const known: Seqs = {}
    for (const [stream, cursor] of this.cursors) if (cursor.at !== undefined) known[stream] = cursor.at
    return Object.keys(known).length > 0 ? known : undefined
  }

  /** Whether events are known to exist that have not come. */
  get behind(): boolean {
    for (const cursor of this.cursors.values()) if (cursor.behind) return true
    return false
  }

  /**
   * A snapshot: it stands for everything up to `seqs`. Events that overtook it are given out now.
   * Streams that it does not name are followed no more.
   */
  begin(seqs: Seqs): E[] {
    for (const stream of [...this.cursors.keys()]) if (seqs[stream] === undefined) this.cursors.delete(stream)
    const due: E[] = []
    for (const [stream, seq] of entries(seqs)) {
      const cursor = this.cursor(stream)
      cursor.at = seq
      cursor.forgetUpTo(seq)
      cursor.head = Math.max(seq, ...cursor.held.keys())
      due.push(...this.drain(cursor))
    }
    return due
  }

  /** The server goes on where this log stands; `seqs` are the newest numbers there, which are on their way. */
  resumed(seqs: Seqs): void {
    for (const [stream, seq] of entries(seqs)) {
      const cursor = this.cursors.get(stream)
      if (cursor) cursor.head = Math.max(cursor.head, seq)
    }
  }

  /** An event came. Gives out what is due now: nothing, this event, or this and some that waited for it. */
  push(event: E): E[] {
    const cursor = this.cursor(event.stream)
    cursor.head = Math.max(cursor.head, event.seq)
    if (cursor.at !== undefined && event.seq <= cursor.at) return []
    if (cursor.at !== undefined && event.seq === cursor.at + 1 && cursor.held.size === 0) {
      cursor.at = event.seq
      return [event]
    }
    if (cursor.held.size < HELD_AT_MOST || event.seq === (cursor.at ?? 0) + 1)
      cursor.held.set(event.seq, event)
    return this.drain(cursor)
  }

  /** A new connection begins: what an old one left half-delivered may come from a time before a restored backup. */
  forgetHeld(): void {
    for (const cursor of this.cursors.values()) {
      cursor.held.clear()
      cursor.head = cursor.at ?? 0
    }
  }

  private cursor(stream: StreamName): Cursor<E> {
    let cursor = this.cursors.get(stream)
    if (!cursor) this.cursors.set(stream, (cursor = new Cursor<E>()))
    return cursor
  }

  private drain(cursor: Cursor<E>): E[] {
    const due: E[] = []
    while (cursor.at !== undefined) {
      const next = cursor.held.get(cursor.at + 1)
      if (!next) break
      cursor.held.delete(next.seq)
      cursor.at = next.seq
      due.push(next)
    }
    return due
  }
}

function entries(seqs: Seqs): [StreamName, number][] {
  return Object.entries(seqs) as [StreamName, number][]
}
