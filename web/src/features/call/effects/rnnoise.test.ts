import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it, vi } from 'vitest'
import { FRAME, suppressing } from './rnnoise'

const file = createRequire(import.meta.url).resolve('@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm')
const module = new WebAssembly.Module(readFileSync(file))

/** How loud it is, before and after, from the second second on: until then it learns. */
function through(sample: (at: number) => number): { before: number; after: number } {
  const work = suppressing(module)
  const sums = { before: 0, after: 0 }
  for (let start = 0; start < 96_000; start += FRAME) {
    const block = Float32Array.from({ length: FRAME }, (_, each) => sample(start + each))
    const loudness = () => block.reduce((all, one) => all + one * one, 0)
    const before = loudness()
    work(block)
    if (start < 48_000) continue
    sums.before += before
    sums.after += loudness()
  }
  return { before: Math.sqrt(sums.before), after: Math.sqrt(sums.after) }
}

/** As of a fan, deeper tones louder; the same at each run: a linear congruential generator (Numerical Recipes). */
function fan(): () => number {
  let seed = 1
  let sum = 0
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    sum = 0.98 * sum + 0.01 * (seed / 2 ** 31 - 1)
    return sum
  }
}

describe('noise suppression (M10)', () => {
  it('takes noise away', () => {
    const { before, after } = through(fan())
    expect(after).toBeLessThan(before / 10)
  })

  it('leaves a voice', () => {
    // Vowels: a gliding tone and its harmonics, five syllables a second.
    let phase = 0
    const { before, after } = through((at) => {
      const seconds = at / 48_000
      phase += (2 * Math.PI * (130 + 30 * Math.sin(2 * Math.PI * 0.7 * seconds))) / 48_000
      const voice = [1, 0.8, 0.6, 0.5, 0.3, 0.2].reduce(
        (sum, loud, each) => sum + loud * Math.sin(phase * (each + 1)),
        0,
      )
      return 0.1 * voice * Math.max(0, Math.sin(2 * Math.PI * 2.5 * seconds))
    })
    expect(after).toBeGreaterThan(before * 0.6)
    expect(after).toBeLessThan(before * 1.3)
  })

  it('answers the module with numbers, not with all its memory', () => {
    // Made into a number, an array becomes a text of all its elements first.
    const text = vi.spyOn(Uint8Array.prototype, 'toString')
    const work = suppressing(module)
    for (let each = 0; each < 3; each++) work(new Float32Array(FRAME).fill(0.1))
    expect(text).not.toHaveBeenCalled()
    text.mockRestore()
  })
})
