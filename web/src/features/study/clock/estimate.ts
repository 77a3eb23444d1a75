/** A question for the time and its answer: the outer stamps by the page's clock, the inner ones by the server's. */
export interface Exchange {
  asked: number
  received: number
  sent: number
  came: number
}

/** How far the server's clock is ahead, if both ways took as long. */
export const offsetOf = ({ asked, received, sent, came }: Exchange): number =>
  (received - asked + sent - came) / 2
/** How long both ways took together. The offset is wrong by half of it at most. */
export const delayOf = ({ asked, received, sent, came }: Exchange): number => came - asked - (sent - received)

/** Clocks of computers go wrong by this at worst: 200 millionths, and the server's as well. */
const DRIFT = 0.0004
const KEPT = 16
/** The server's stamps are whole milliseconds. */
const STAMP_MS = 4

/**
 * What the server's clock shows, from exchanges with it. Of several the one counts that can be least wrong: with the
 * shortest way, and not long ago.
 */
export class TimeEstimate {
  private kept: Exchange[] = []
  private jumped = 0

  /** `local`: a clock that goes evenly, whatever it shows. */
  constructor(private readonly local: () => number) {}

  get known(): boolean {
    return this.kept.length > 0
  }

  take(exchange: Exchange): void {
    // The other's answer, or a clock that was set in the middle.
    if (exchange.came < exchange.asked || exchange.sent < exchange.received || delayOf(exchange) < 0) return
    if (this.kept.some((one) => !agree(one, exchange))) this.begin()
    this.kept = [...this.kept, exchange].slice(-KEPT)
  }

  /**
   * The page's clock did not go evenly: it stood still while the device slept. Until the next exchange the difference is
   * what the device's other clock says.
   */
  jump(by: number): void {
    this.jumped += by
  }

  /** What was learnt before a jump holds no more. */
  begin(): void {
    this.kept = []
    this.jumped = 0
  }

  /** How wrong it can be at most, in milliseconds. */
  error(): number {
    const now = this.local()
    return Math.min(...this.kept.map((one) => doubt(one, now)))
  }

  now(): number {
    const now = this.local()
    const best = this.kept.reduce((a, b) => (doubt(b, now) < doubt(a, now) ? b : a), this.kept[0]!)
    return now + this.jumped + offsetOf(best)
  }
}

const doubt = (one: Exchange, now: number) => delayOf(one) / 2 + (now - one.came) * DRIFT

/** Whether two may both be right. If not, one of the clocks was set in between, and only the later one holds. */
function agree(one: Exchange, later: Exchange): boolean {
  const apart = Math.abs(offsetOf(later) - offsetOf(one))
  return apart <= doubt(one, later.came) + delayOf(later) / 2 + STAMP_MS
}
