/** Louder than this is speaking, softer than the other is not; between the two it stays what it was. Parts of a full meter. */
const LOUD = 0.36
const SOFT = 0.28
/** A knock on the table is no word yet, and the pause between two sentences is no end. */
const BEGINS_MS = 150
const ENDS_MS = 900

/** Whether somebody speaks, from how loud it is. Time is passed in, in milliseconds. */
export class Talking {
  on = false
  private since: number | null = null

  hear(level: number, now: number): boolean {
    const turning = this.on ? level < SOFT : level >= LOUD
    if (!turning) this.since = null
    else {
      this.since ??= now
      if (now - this.since >= (this.on ? ENDS_MS : BEGINS_MS)) {
        this.on = !this.on
        this.since = null
      }
    }
    return this.on
  }
}
