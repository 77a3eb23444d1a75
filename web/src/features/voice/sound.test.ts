import { expect, it } from 'vitest'
import { loudness } from './sound'

const tone = (amplitude: number) =>
  Float32Array.from({ length: 2048 }, (_, at) => amplitude * Math.sin((at / 2048) * 64 * Math.PI))

it('measures on a scale of decibels', () => {
  expect(loudness(new Float32Array(2048))).toBe(0)
  expect(loudness(tone(0.0005))).toBe(0)
  expect(loudness(tone(Math.SQRT2))).toBeCloseTo(1, 2)
  // A tenth of the amplitude is 20 of 60 decibels less.
  expect(loudness(tone(Math.SQRT2 / 10))).toBeCloseTo(2 / 3, 2)
  expect(loudness(new Float32Array(0))).toBe(0)
})
