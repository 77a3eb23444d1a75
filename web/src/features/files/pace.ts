const WINDOW_MS = 6_000

/** How fast bytes go: over the last seconds, so that the figure does not jump. */
export class Pace {
  private samples: { at: number; bytes: number }[] = []

  /** So many bytes in all are through at this moment. */
  note(at: number, bytes: number): void {
    const last = this.samples.at(-1)
    // It was set back: what was sent did not arrive.
    if (last && bytes < last.bytes) this.samples = []
    this.samples.push({ at, bytes })
    while (this.samples.length > 2 && at - this.samples[0]!.at > WINDOW_MS) this.samples.shift()
  }

  rest(): void {
    this.samples = []
  }

  /** Bytes a second; 0 while it cannot be told. */
  get speed(): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)]
    if (!first || !last || last.at - first.at < 250) return 0
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at)
  }
}

/** How long the rest takes, as people say it; empty while it cannot be told. */
export function timeLeft(bytes: number, speed: number): string {
  if (speed <= 0 || bytes <= 0) return ''
  const seconds = bytes / speed
  if (seconds < 5) return 'a few seconds left'
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} s left`
  if (seconds < 3570) return `${Math.ceil(seconds / 60)} min left`
  if (seconds > 86_400) return 'more than a day left'
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min left`
}
