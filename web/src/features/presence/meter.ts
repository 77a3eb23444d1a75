import type { PresenceMyLevel } from '@/contract'

export type Quality = NonNullable<PresenceMyLevel['quality']>

/** So many of the last probes are looked at. */
const KEPT = 6
/** An answer that takes longer is none. */
export const LOST_MS = 5_000
const FAIR_MS = 400
const POOR_MS = 1_200

/** How good a connection is, from how long the answers to probes take and how many do not come. Time is passed in. */
export class Meter {
  quality: Quality = 'good'
  private readonly waiting = new Map<number, number>()
  /** In milliseconds, the newest last; null where no answer came. */
  private results: (number | null)[] = []
  private judged: Quality = 'good'
  private number = 0

  /** A probe goes out: its number. */
  send(now: number): number {
    this.number += 1
    this.waiting.set(this.number, now)
    return this.number
  }

  answered(number: number, now: number): void {
    const sent = this.waiting.get(number)
    if (sent === undefined) return
    this.waiting.delete(number)
    this.note(now - sent)
  }

  /** Gives up on what has not been answered for too long. */
  expire(now: number): void {
    for (const [number, sent] of this.waiting) {
      if (now - sent < LOST_MS) continue
      this.waiting.delete(number)
      this.note(null)
    }
  }

  /** The connection is another one, or the page slept: what is under way says nothing. */
  forget(): void {
    this.waiting.clear()
  }

  private note(result: number | null): void {
    this.results = [...this.results, result].slice(-KEPT)
    const now = judge(this.results)
    // One slow answer is no slow connection: it takes two that say the same.
    if (now === this.judged) this.quality = now
    this.judged = now
  }
}

function judge(results: (number | null)[]): Quality {
  const times = results.filter((result) => result !== null).sort((a, b) => a - b)
  const lost = results.length - times.length
  const middle = times[Math.floor((times.length - 1) / 2)] ?? Infinity
  if (lost >= 3 || middle > POOR_MS) return 'poor'
  return lost > 0 || middle > FAIR_MS ? 'fair' : 'good'
}
