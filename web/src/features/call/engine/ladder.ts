/** What is seen of one connection to somebody. */
export interface Seen {
  readonly connected: boolean
  /** The browser has given up. */
  readonly failed: boolean
  /** Words can be sent, and the other one is there to hear them. */
  readonly ready: boolean
  /** An offer was sent and not answered. */
  readonly waits: boolean
  /** How many others there are connections to besides this one: on a machine that is busy with them each takes longer. */
  readonly besides: number
}

/** `again`: say the offer again. `restart`: look for new ways (ICE). `renew`: a new connection in the place of this one. */
export type Step = 'nothing' | 'again' | 'restart' | 'renew'

const FIRST_MS = 4_000
const LOST_MS = 2_000
/** The polite one leaves the first step to the other one. */
const POLITE_MS = 1_000
const RESTARTED_MS = 6_000
const RENEWED_MS = 8_000
const LONGEST_MS = 30_000
/** So much longer for each other connection: what is begun anew too soon is never there, and costs what it waits for. */
const BESIDES_MS = 1_200
const LOST_BESIDES_MS = 400
const ANSWER_MS = 2_500
const LONGEST_ANSWER_MS = 20_000

/**
 * What to do about a connection that is not there: nothing helps before words can be sent; then new ways are looked for, then
 * a new connection is made, then another one, ever more seldom. Time is passed in, in milliseconds.
 */
export class Ladder {
  private stage = 0
  private since: number | null = null
  private lostAt: number | null = null
  private said: number | null = null
  private asked = 0
  private ever = false
  private wasReady = true
  private hasMoved = false

  constructor(private readonly polite: boolean) {}

  /** The device is in another network, or has slept: the way that is believed in may lead nowhere. */
  moved(): void {
    this.hasMoved = true
  }

  /** Since when it has been without a connection although words could be sent; null while it has one. */
  get lostSince(): number | null {
    return this.lostAt
  }

  look(seen: Seen, now: number): Step {
    if (!seen.ready) {
      this.wasReady = false
      this.since = this.said = this.lostAt = null
      return 'nothing'
    }
    const back = !this.wasReady
    this.wasReady = true
    if (this.hasMoved) {
      this.hasMoved = false
      return this.ever ? this.restart(now) : 'nothing'
    }
    if (seen.waits) {
      this.said ??= now
      if (back || now - this.said >= Math.min(ANSWER_MS * 2 ** this.asked, LONGEST_ANSWER_MS)) {
        this.said = now
        this.asked = back ? 0 : this.asked + 1
        return 'again'
      }
    } else {
      this.said = null
      this.asked = 0
    }
    if (seen.connected) {
      this.ever = true
      this.stage = 0
      this.since = this.lostAt = null
      return 'nothing'
    }
    this.lostAt ??= now
    // Words can be sent again, and the connection has broken meanwhile: no reason to wait.
    if (back && this.ever && !this.polite) return this.restart(now)
    this.since ??= now
    if (now - this.since < this.patience(seen)) return 'nothing'
    if (this.stage === 0) return this.restart(now)
    this.stage += 1
    this.since = now
    return 'renew'
  }

  private restart(now: number): Step {
    this.stage = 1
    this.since = now
    return 'restart'
  }

  private patience(seen: Seen): number {
    const polite = this.polite ? POLITE_MS : 0
    const busy = seen.besides * BESIDES_MS
    if (this.stage > 1) return Math.min(RENEWED_MS * 2 ** (this.stage - 2) + busy, LONGEST_MS) + polite
    if (this.stage === 1) return RESTARTED_MS + busy + polite
    if (seen.failed) return polite
    return (this.ever ? LOST_MS + seen.besides * LOST_BESIDES_MS : FIRST_MS + busy) + polite
  }
}
