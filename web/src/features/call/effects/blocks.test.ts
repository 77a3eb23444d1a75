import { describe, expect, it } from 'vitest'
import { Blocks, delayOf } from './blocks'

/** What comes out when the numbers 1, 2, 3… go in. */
function through(incoming: number, size: number, blocks: number): number[] {
  const passing = new Blocks(incoming, size, () => undefined)
  const out: number[] = []
  for (let block = 0; block < blocks; block++) {
    const output = new Float32Array(incoming)
    passing.pass(
      Float32Array.from({ length: incoming }, (_, at) => block * incoming + at + 1),
      output,
    )
    out.push(...output)
  }
  return out
}

describe('blocks of sound', () => {
  it.each([
    [128, 480],
    [480, 128],
    [128, 128],
    [256, 480],
    [100, 7],
  ])('%i at a time, worked on by %i: nothing is lost, doubled or out of order', (incoming, size) => {
    const out = through(incoming, size, 300)
    const delay = delayOf(incoming, size)
    expect(out.slice(0, delay).every((sample) => sample === 0)).toBe(true)
    expect(out.slice(delay)).toEqual(Array.from({ length: out.length - delay }, (_, at) => at + 1))
  })

  it('is a hundredth of a second late at most for what the suppressor wants', () => {
    expect(delayOf(128, 480) / 48_000).toBeLessThan(0.01)
  })

  it('gives each block to be worked on once, whole', () => {
    const seen: number[] = []
    const passing = new Blocks(128, 480, (block) => {
      seen.push(block[0]!)
      block.fill(-1)
    })
    const output = new Float32Array(128)
    for (let block = 0; block < 15; block++) passing.pass(new Float32Array(128).fill(block), output)
    expect(seen).toEqual([0, 3, 7, 11])
    expect([...output]).toEqual(new Array(128).fill(-1))
  })
})
