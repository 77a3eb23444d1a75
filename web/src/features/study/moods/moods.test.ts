import { describe, expect, it } from 'vitest'
import type { Shape } from './draw'
import { MOODS } from './names'
import { pictureText } from './picture'
import { SCENES } from './scenes'

const COLORS = ['fill', 'stroke', 'stop-color']

function colorsIn(shapes: Shape[]): string[] {
  return shapes.flatMap(([, has, inside = []]) => [
    ...COLORS.map((name) => has[name]).filter((value): value is string => String(value).startsWith('#')),
    ...colorsIn(inside),
  ])
}
const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
const light = (color: string) => {
  const [r, g, b] = [1, 3, 5].map((at) => linear(parseInt(color.slice(at, at + 2), 16) / 255))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

describe('the backgrounds', () => {
  it('[R9] there are eight, each for the day and for the night, the same each time', () => {
    expect(MOODS.map(({ id }) => id)).toEqual(Object.keys(SCENES))
    expect(MOODS).toHaveLength(8)
    for (const { id } of MOODS) {
      expect(pictureText(id, false)).toBe(pictureText(id, false))
      expect(pictureText(id, true)).not.toBe(pictureText(id, false))
    }
  })

  it('[R9] nothing of them is fetched, and they are light files', () => {
    for (const { id } of MOODS)
      for (const dark of [false, true]) {
        const text = pictureText(id, dark)
        expect(text).not.toMatch(/href|url\((?!#)|<image|<script/)
        expect(text.length).toBeLessThan(250_000)
        expect(text).not.toContain('NaN')
      }
  })

  it('[R9] by day they are light and by night dark, so that what lies on them keeps its contrast', () => {
    for (const { id } of MOODS) {
      const [day, night] = [false, true].map((dark) => {
        const { defs, shapes } = SCENES[id](dark)
        // Stars are small, and as bright as they are.
        const large = shapes.filter(([tag]) => tag !== 'circle' && tag !== 'ellipse')
        return [...colorsIn(defs), ...colorsIn(large)].map(light)
      })
      // Ink on the page's own lens before them has 4.5 : 1 and more: the pages' test measures it.
      expect(Math.min(...day!), `${id} by day`).toBeGreaterThan(0.2)
      const sum = night!.reduce((a, b) => a + b, 0)
      expect(sum / night!.length, `${id} by night`).toBeLessThan(0.3)
    }
  })
})
