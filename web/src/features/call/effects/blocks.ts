/** Sound comes in blocks of one length and is worked on in those of another. */

/** What comes out is that much later than what went in: as little as never leaves a gap. */
export function delayOf(incoming: number, worked: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  return worked - gcd(incoming, worked)
}

export class Blocks {
  private readonly inside: Float32Array
  private readonly outside: Float32Array
  private filled = 0
  private read = 0
  private written: number

  constructor(
    incoming: number,
    private readonly size: number,
    private readonly work: (block: Float32Array) => void,
  ) {
    this.inside = new Float32Array(size)
    // Room for what waits and what is just written.
    this.outside = new Float32Array(2 * (size + incoming))
    this.written = delayOf(incoming, size)
  }

  /** Takes a block in and gives one of the same length out. */
  pass(input: Float32Array, output: Float32Array): void {
    const { inside, outside, size } = this
    for (let at = 0; at < input.length;) {
      const part = Math.min(input.length - at, size - this.filled)
      inside.set(input.subarray(at, at + part), this.filled)
      this.filled += part
      at += part
      if (this.filled < size) continue
      this.filled = 0
      this.work(inside)
      for (let each = 0; each < size; each++) outside[this.written++ % outside.length] = inside[each]!
    }
    for (let at = 0; at < output.length; at++) output[at] = outside[this.read++ % outside.length]!
  }
}
