import { expect, it } from 'vitest'
import { Talking } from './talking'

/** Levels ten times a second: what it thinks after each. */
function heard(...levels: number[]): string {
  const talking = new Talking()
  return levels.map((level, at) => (talking.hear(level, at * 100) ? 'x' : '.')).join('')
}
const of = (level: number, times: number) => Array<number>(times).fill(level)

it('[P4] takes a moment to believe in words and another to believe in silence', () => {
  expect(heard(...of(0, 3), ...of(0.7, 4), ...of(0, 11))).toBe('.....xxxxxxxxxxx..')
  expect(heard(0, 0.9, 0, 0.9, 0, 0.9)).toBe('......')
})

it('[P4] goes on through the pauses between words, and at a level between', () => {
  const words = [...of(0.6, 4), ...of(0.1, 8)]
  expect(heard(...words, ...words, ...words).slice(3)).not.toContain('.')
  expect(heard(...of(0.32, 10))).toBe('..........')
  expect(heard(...of(0.6, 3), ...of(0.32, 20)).slice(3)).not.toContain('.')
})
