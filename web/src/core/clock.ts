/**
 * An estimate of the server's clock. A stamp is always older on arrival than when it was made, so of several
 * samples the one that is furthest ahead came with the least delay.
 */
export class ServerClock {
  private offset = 0
  private known = false

  constructor(private readonly local: () => number = Date.now) {}

  /** A snapshot's `now`: begins anew, as the local clock may have been set since. */
  begin(serverNow: number): void {
    this.offset = serverNow - this.local()
    this.known = true
  }

  /** Any stamp that was made just now. */
  observe(stamp: number): void {
    const offset = stamp - this.local()
    if (!this.known || offset > this.offset) this.begin(stamp)
  }

  /** Milliseconds since 1970 by the server's clock. */
  now(): number {
    return this.local() + this.offset
  }
}
