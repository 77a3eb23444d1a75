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
    const wrong: unknown[] = []
    for (const [wanted, area] of all()) {
      const placed = arrange(wanted, area)
      const ids = new Set(placed.map(({ id }) => id))
      const keys = new Set(placed.map(({ key }) => key))
      const good =
        wanted.tiles.every(({ id }) => ids.has(id)) &&
        keys.size === placed.length &&
        placed.every((box) => inside(box, area) && box.width >= 40 && box.height >= 24) &&
        placed.every((box, at) => placed.slice(at + 1).every((other) => apart(box, other)))
      if (!good) wrong.push([wanted, area, placed])
    }
    expect(wrong).toEqual([])
  })

  it('makes tiles of one size, in the shape of faces, nearly as large as they can be', () => {
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
        // No other number of columns would make them much larger.
        for (let columns = 1; columns <= count; columns += 1) {
          const rows = Math.ceil(count / columns)
          const [w, h] = [(area.width - 8 * (columns - 1)) / columns, (area.height - 8 * (rows - 1)) / rows]
          const width = Math.floor(Math.min(w, (h * 16) / 9))
          const height = Math.floor(Math.min(h, width / narrowest(area)))
          expect(width * height * 0.8).toBeLessThanOrEqual(first!.width * first!.height)
        }
      }
  })

  it('never moves a tile because somebody speaks', () => {
    // Only the one large picture that follows the voice shows somebody else.
    const still = (wanted: Wish, area: Area) =>
      JSON.stringify(arrange(wanted, area).map(({ key, x, y, width, height }) => [key, x, y, width, height]))
    const moved: unknown[] = []
    for (const [wanted, area] of all()) {
      const quiet = still({ ...wanted, speaker: null }, area)
      for (const { id } of wanted.tiles)
        if (still({ ...wanted, speaker: id }, area) !== quiet) moved.push([wanted, area, id])
    }
    expect(moved).toEqual([])
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
