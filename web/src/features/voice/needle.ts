/** How a meter moves: up almost at once, down slowly, as eyes like it. Parts of a full meter and of a second. */
const RISE = 18
const FALL = 1.1

/** What a meter shows for what it is told, at any moment between. Time is passed in, in milliseconds. */
export class Needle {
  shown = 0
  private at: number | null = null

  follow(level: number, now: number): number {
    const seconds = Math.min(0.25, Math.max(0, now - (this.at ?? now)) / 1000)
    this.at = now
    if (level >= this.shown) this.shown += (level - this.shown) * Math.min(1, seconds * RISE)
    else this.shown = Math.max(level, this.shown - seconds * FALL)
    return this.shown
  }
}

/** For who does not see the meter, in steps that do not flicker. */
export function spoken(level: number): string {
  if (level < 0.08) return 'silent'
  if (level < 0.4) return 'quiet'
  return level < 0.85 ? 'clear' : 'very loud'
}
