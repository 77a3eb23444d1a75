/** What comes later than this after the turn before is late: turns are a tenth of a second apart. */
const ON_TIME_MS = 250
/** The device slept, or the page was stopped: that says nothing of what it can do. */
const SLEPT_MS = 10_000
/** It is looked at in pieces of this length. */
const PIECE_MS = 2_000
/** What was late of the last pieces, the older the less: more is too much. Once, something long may happen in any page. */
const TOO_LATE = 0.25
const FORGETS = 0.7
/** A piece of which no more was late is calm. */
const CALM = 0.03
/** So many calm pieces are wanted before there is more again; twice as many each time that was wrong. */
const PATIENCE = 8
const PATIENCE_MOST = 64
/** A step up that fails within so many pieces was a mistake. */
const MISTAKE_WITHIN = 5
/** What is left of pictures a second, and of how large those of others are wanted. */
const SHARES = [1, 0.5, 0.25] as const

/**
 * Whether this device is short of time for the call, from how late the page's own turns are. It makes, and wants, less of
 * pictures then, so that sound and words come through. Time is passed in, in milliseconds.
 */
export class Strain {
  private step = 0
  private last: number | null = null
  private since = 0
  private late = 0
  private heap = 0
  private calm = 0
  private patience = PATIENCE
  private sinceUp = Infinity
  private starting = false

  get share(): number {
    return SHARES[this.step]!
  }

  /** It is short of time, and does not only begin. */
  get short(): boolean {
    return this.step > 0 && !this.starting
  }

  /** Much begins at once: with the least first, and more as soon as that was calm. */
  start(): void {
    this.step = SHARES.length - 1
    this.calm = 0
    this.patience = 1
    this.starting = true
    this.sinceUp = Infinity
  }

  /** Nothing can be said of the time until the next turn, as while the page is hidden. */
  rest(): void {
    this.last = null
  }

  /** With each turn; true when there is another share now. */
  look(now: number): boolean {
    const gap = this.last === null ? Infinity : now - this.last
    this.last = now
    if (gap > SLEPT_MS) {
      this.since = now
      this.late = 0
      return false
    }
    this.late += Math.max(0, gap - ON_TIME_MS)
    const length = now - this.since
    if (length < PIECE_MS) return false
    const part = this.late / length
    this.since = now
    this.late = 0
    return this.judge(part)
  }

  private judge(part: number): boolean {
    this.sinceUp += 1
    this.heap = this.heap * FORGETS + part
    this.calm = part < CALM ? this.calm + 1 : 0
    if (this.heap > TOO_LATE) return this.down()
    if (this.step === 0 || this.calm < this.patience) return false
    this.step -= 1
    this.calm = this.sinceUp = 0
    return true
  }

  /** Told too when it has only begun: from then on it is short. */
  private down(): boolean {
    const began = this.starting
    const mistake = this.sinceUp <= MISTAKE_WITHIN
    this.heap = 0
    this.starting = false
    this.patience = Math.max(PATIENCE, Math.min(PATIENCE_MOST, this.patience * (mistake ? 2 : 1)))
    if (this.step === SHARES.length - 1) return began
    this.step += 1
    return true
  }
}
