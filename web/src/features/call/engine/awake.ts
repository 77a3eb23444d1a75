/** A turn that comes later than this after the one before says that the page could do nothing meanwhile. */
const MOST_MS = 300

/**
 * A clock of the time in which this page could do something. Where all of a machine is busy, words wait in this page and in the
 * others alike: what they were to bring is not late by that, and what is begun anew in its place would only come later.
 */
export class Awake {
  private sum = 0
  private last: number | null = null

  constructor(
    private readonly time: () => number = () => performance.now(),
    /** Pages that nobody sees have fewer turns without being busy. */
    private readonly hidden: () => boolean = () => document.hidden,
  ) {}

  /** Ten times a second, or as often as the page comes to it. */
  turn(): void {
    this.sum += this.step()
    this.last = this.time()
  }

  /** In milliseconds; rises by as much as the time does while turns are on time. */
  now(): number {
    return this.sum + this.step()
  }

  private step(): number {
    const gap = this.last === null ? 0 : this.time() - this.last
    return this.hidden() ? gap : Math.min(gap, MOST_MS)
  }
}
