import type { Arrival } from './types'

/** So long something may take to begin. */
const COMING_MS = 6_000
/** Pauses of this length are of the network, or of a picture that does not change. */
const STILL_MS = 3_500

/** Whether one medium of somebody arrives, by what its counter does. Time is passed in, in milliseconds. */
export class Arrives {
  now: Arrival = 'off'
  private saidSince: number | null = null
  private counted = -1
  private movedAt = -Infinity

  /** `count`: frames decoded, or packets of sound; null when there is nothing to count by. `paused`: it is not to come now. */
  look(
    state: { said: boolean; held: boolean; paused: boolean; count: number | null; still?: boolean },
    at: number,
  ): Arrival {
    this.now = this.next(state, at)
    return this.now
  }

  private next(
    {
      said,
      held,
      paused,
      count,
      still,
    }: { said: boolean; held: boolean; paused: boolean; count: number | null; still?: boolean },
    at: number,
  ): Arrival {
    // Another connection counts from nothing.
    const moved = count !== null && count > 0 && count !== this.counted
    if (count !== null) this.counted = count
    if (!said || held) this.saidSince = null
    if (held) return 'held'
    if (!said) return 'off'
    if (this.saidSince === null) {
      this.saidSince = at
      this.movedAt = -Infinity
      // What was counted before it was said belongs to the last time.
      return paused ? 'paused' : 'coming'
    }
    if (moved) this.movedAt = at
    if (paused) return 'paused'
    const here = this.movedAt >= this.saidSince
    if (here && (at - this.movedAt < STILL_MS || still)) return 'here'
    return !here && at - this.saidSince < COMING_MS ? 'coming' : 'missing'
  }
}
