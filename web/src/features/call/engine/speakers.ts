/** Somebody else has to speak for so long before attention moves to them; whoever speaks first is not made to wait. */
const TAKES_MS = 700
/** And not sooner than so long after the last move. */
const RESTS_MS = 1_500

/** Who has the attention of the page: it moves calmly, stays when everybody is silent, and goes with who leaves. */
export class ActiveSpeaker {
  now: string | null = null
  private moved = -Infinity
  private readonly since = new Map<string, number>()

  /** `speaking` are the seats of those who speak now, of `present`. */
  look(speaking: readonly string[], present: readonly string[], at: number): string | null {
    for (const seat of [...this.since.keys()]) if (!speaking.includes(seat)) this.since.delete(seat)
    for (const seat of speaking) if (!this.since.has(seat)) this.since.set(seat, at)
    if (this.now !== null && !present.includes(this.now)) this.now = null
    if (this.now !== null && speaking.includes(this.now)) return this.now
    // Of several, who has spoken for longest.
    const [next] = [...this.since].sort(([, a], [, b]) => a - b)
    if (!next) return this.now
    const [seat, since] = next
    if (this.now !== null && (at - since < TAKES_MS || at - this.moved < RESTS_MS)) return this.now
    this.now = seat
    this.moved = at
    return seat
  }
}
