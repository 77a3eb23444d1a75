import { describe, expect, it } from 'vitest'
import { BAR, lineHeight, linesOf, PLAIN, RANK } from '../results/measure'
import { fitCloud, fitRows, fitTexts, type Space } from './fit'

/** Each letter is half as wide as high. */
const width = (text: string) => text.length / 2
const hall: Space = { width: 56, height: 30 }
const options = (many: number, letters: number) =>
  Array.from({ length: many }, () => 'abcd '.repeat(letters / 5))

describe('lines', () => {
  it('are filled with words', () => {
    expect(linesOf('one two three', 100, width)).toBe(1)
    expect(linesOf('one two three', 4, width)).toBe(2)
    expect(linesOf('', 4, width)).toBe(1)
  })
  it('break a word that is longer than a line', () => {
    expect(linesOf('a'.repeat(25), 5, width)).toBe(3)
  })
})

describe('rows', () => {
  it('are as large as there is room for', () => {
    expect(fitRows(options(3, 5), hall, BAR, width)).toMatchObject({
      columns: 1,
      shown: 3,
      lines: 1,
      size: 2.2,
    })
    expect(fitRows(options(16, 10), hall, BAR, width)).toMatchObject({ columns: 2, shown: 16, lines: 1 })
  })
  it('are all there in several columns', () => {
    expect(fitRows(options(30, 10), hall, BAR, width)).toMatchObject({ shown: 30 })
  })
  it.each([
    [50, 150, 30],
    [50, 150, 12],
    [50, 5, 20],
    [2, 150, 30],
    [20, 60, 24],
    [50, 5, 8],
  ])('%i options of %i letters fit into %i em', (many, letters, height) => {
    for (const look of [BAR, RANK, PLAIN]) {
      const fit = fitRows(options(many, letters), { width: 56, height }, look, width)
      const more = fit.shown < many ? 2 : 0
      const rows = Math.ceil(fit.shown / fit.columns)
      expect(rows * lineHeight(look, fit) * fit.size + more).toBeLessThanOrEqual(height)
      expect(fit.size).toBeGreaterThanOrEqual(1)
      expect(fit.shown).toBeGreaterThan(0)
    }
  })
})

describe('a cloud', () => {
  const make = (shown: number) =>
    Array.from({ length: shown }, () => ({ text: 'wonderful', weight: 1, beside: 1 }))
  it('shrinks, then loses words', () => {
    const large = fitCloud(make, 10, hall, width)
    const small = fitCloud(make, 60, hall, width)
    expect(large).toMatchObject({ shown: 10 })
    expect(small.size).toBeLessThan(large.size)
    const tight = fitCloud(make, 60, { width: 30, height: 10 }, width)
    expect(tight.shown).toBeLessThan(60)
    expect(tight.shown).toBeGreaterThan(5)
  })
})

describe('texts', () => {
  it('are whole, and shorter ones take the place of those that do not fit', () => {
    const all = fitTexts(['short', 'short'], hall, width)
    expect(all).toEqual({ size: 1.75, columns: 1, shown: [0, 1] })
    const long = 'abcd '.repeat(56)
    const some = fitTexts(
      [...Array.from({ length: 9 }, () => long), 'short'],
      { width: 56, height: 20 },
      width,
    )
    expect(some.shown.length).toBeLessThan(9)
    expect(some.shown).toContain(9)
  })
})
