import { describe, expect, it } from 'vitest'
import {
  arrange,
  choose,
  grid,
  narrowest,
  SPEAKER_KEY,
  type Area,
  type Box,
  type Candidate,
  type Wish,
} from './layout'

const AREAS: Area[] = [
  { width: 304, height: 300 },
  { width: 304, height: 420 },
  { width: 374, height: 560 },
  { width: 700, height: 220 },
  { width: 828, height: 250 },
  { width: 980, height: 620 },
  { width: 1440, height: 760 },
  { width: 1900, height: 900 },
]
const people = (count: number): Candidate[] =>
  Array.from({ length: count }, (_none, at) => ({ id: `p${at}`, kind: 'camera', own: at === 0 }))
const screens = (count: number): Candidate[] =>
  Array.from({ length: count }, (_none, at) => ({ id: `s${at}`, kind: 'screen', own: false }))
const wish = (more: Partial<Wish>): Wish => ({
  layout: 'grid',
  tiles: people(3),
  pinned: null,
  speaker: null,
  ...more,
})
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
const inside = (box: Box, area: Area) =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= area.width && box.y + box.height <= area.height

/** Every number of people, with and without screens, in every layout, on every size of stage. */
function* all(): Generator<[Wish, Area]> {
  for (const area of AREAS)
    for (const layout of ['grid', 'speaker', 'sidebar'] as const)
      for (let count = 1; count <= 8; count += 1)
        for (const shared of [0, 1, 2, 3])
          for (const pinned of [null, 'p0', 's0'])
            yield [wish({ layout, tiles: [...people(count), ...screens(shared)], pinned }), area]
}

describe('places of tiles [M5]', () => {
  it('has a place for everyone, on the stage and on nobody else', () => {
    for (const [wanted, area] of all()) {
      const placed = arrange(wanted, area)
      const said = JSON.stringify([wanted.layout, wanted.tiles.length, wanted.pinned, area])
      expect(new Set(placed.map(({ id }) => id)), said).toEqual(new Set(wanted.tiles.map(({ id }) => id)))
      expect(new Set(placed.map(({ key }) => key)).size, said).toBe(placed.length)
      for (const [at, box] of placed.entries()) {
        expect(inside(box, area), said).toBe(true)
        expect(box.width >= 40 && box.height >= 24, `${said} ${JSON.stringify(box)}`).toBe(true)
        for (const other of placed.slice(at + 1)) expect(apart(box, other), said).toBe(true)
      }
    }
  })

  it('makes tiles of one size, in the shape of faces, as large as they can be', () => {
    for (const area of AREAS)
      for (let count = 1; count <= 8; count += 1) {
        const boxes = grid(count, area)
        const [first] = boxes
        expect(new Set(boxes.map(({ width, height }) => `${width} ${height}`)).size).toBe(1)
        const ratio = first!.width / first!.height
        expect(ratio).toBeLessThan(16 / 9 + 0.05)
        expect(ratio).toBeGreaterThan(0.97)
        // In reading order.
        for (const [at, box] of boxes.entries()) {
          const next = boxes[at + 1]
          if (next) expect(next.y > box.y || (next.y === box.y && next.x > box.x)).toBe(true)
        }
        // No other number of columns would make them larger.
        for (let columns = 1; columns <= count; columns += 1) {
          const rows = Math.ceil(count / columns)
          const [w, h] = [(area.width - 8 * (columns - 1)) / columns, (area.height - 8 * (rows - 1)) / rows]
          const width = Math.floor(Math.min(w, (h * 16) / 9))
          const height = Math.floor(Math.min(h, width / narrowest(area)))
          expect(width * height).toBeLessThanOrEqual(first!.width * first!.height)
        }
      }
  })

  it('never moves a tile because somebody speaks', () => {
    for (const [wanted, area] of all()) {
      const quiet = arrange({ ...wanted, speaker: null }, area)
      for (const { id } of wanted.tiles) {
        const loud = arrange({ ...wanted, speaker: id }, area)
        // Only the one large picture that follows the voice shows somebody else; and of two, the other one.
        const still = (placed: typeof quiet) =>
          placed.map(({ key, x, y, width, height }) => ({ key, x, y, width, height }))
        expect(still(loud)).toEqual(still(quiet))
      }
    }
  })

  it('shows who speaks large, but never oneself while others are there', () => {
    const speaker = (who: string | null) => choose(wish({ layout: 'speaker', speaker: who })).large[0]?.id
    expect(speaker('p2')).toBe('p2')
    expect(speaker('p0')).toBe('p1')
    expect(speaker('gone')).toBe('p1')
    expect(choose(wish({ layout: 'speaker', tiles: people(1) })).large).toEqual([])
    const placed = arrange(wish({ layout: 'sidebar', speaker: 'p2' }), AREAS[5]!)
    expect(placed.map(({ key }) => key)).toEqual([SPEAKER_KEY, 'p0', 'p1', 'p2'])
  })

  it('gives shared screens the stage, all of them in a grid and else the newest; a pin goes before', () => {
    const tiles = [...people(3), ...screens(2)]
    expect(choose(wish({ tiles })).large.map(({ id }) => id)).toEqual(['s0', 's1'])
    expect(choose(wish({ tiles, layout: 'speaker' })).large.map(({ id }) => id)).toEqual(['s1'])
    expect(choose(wish({ tiles, pinned: 's0' })).large.map(({ id }) => id)).toEqual(['s0'])
    expect(choose(wish({ tiles, pinned: 'p2', layout: 'speaker' })).large.map(({ id }) => id)).toEqual(['p2'])
    expect(choose(wish({ pinned: 'gone' })).large).toEqual([])
    for (const area of AREAS) {
      const [screen, ...small] = arrange(wish({ tiles: [...people(8), ...screens(1)] }), area)
      const size = (box: Box) => box.width * box.height
      expect(size(screen!)).toBeGreaterThan(area.width * area.height * 0.4)
      for (const box of small) expect(size(box)).toBeLessThan(size(screen!) / 3)
    }
  })
})
