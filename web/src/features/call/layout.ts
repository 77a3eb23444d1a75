/** Where tiles stand. Pure: it knows of nobody who speaks, so that a grid cannot move when somebody does. */

export interface Area {
  width: number
  height: number
}
export interface Box extends Area {
  x: number
  y: number
}
export type LayoutName = 'grid' | 'speaker' | 'sidebar'

/** What can stand on the stage: somebody's camera (or their letters, without one), or a shared screen. */
export interface Candidate {
  id: string
  kind: 'camera' | 'screen'
  own: boolean
}
export interface Placed extends Box {
  /** Of the element: it stays the same while what it shows changes. */
  key: string
  id: string
  large: boolean
}

export const GAP = 8
/** Pictures are cut to what room there is, within what faces stand: not wider than cameras see, and a square at the narrowest. */
const WIDEST = 16 / 9
export const narrowest = ({ width, height }: Area): number => (width < height ? 1 : 5 / 4)
/** The one who speaks is a second picture of theirs: their small one keeps its place. */
export const SPEAKER_KEY = 'speaker'

interface Shape {
  narrowest: number
  widest: number
}
const faceIn = (area: Area): Shape => ({ narrowest: narrowest(area), widest: WIDEST })
/** What is on a screen is shown whole, in whatever room there is. */
const ANY: Shape = { narrowest: 0, widest: Infinity }

/** The largest tile of a shape within a cell. */
function within(cell: Area, shape: Shape): Area {
  const width = Math.floor(Math.min(cell.width, cell.height * shape.widest))
  const height = Math.floor(
    shape.narrowest > 0 ? Math.min(cell.height, width / shape.narrowest) : cell.height,
  )
  return { width: Math.max(0, width), height: Math.max(0, height) }
}

function cellOf(area: Area, columns: number, rows: number): Area {
  return {
    width: (area.width - GAP * (columns - 1)) / columns,
    height: (area.height - GAP * (rows - 1)) / rows,
  }
}

/** Side by side is how people sit: for that, tiles may be a little smaller than they could be. */
const WORTH = 0.8

/** How many columns give large tiles. */
function columnsFor(count: number, area: Area, shape: Shape): number {
  const sizes = Array.from({ length: count }, (_none, at) => {
    const tile = within(cellOf(area, at + 1, Math.ceil(count / (at + 1))), shape)
    return tile.width * tile.height
  })
  const least = Math.max(...sizes) * (area.width > area.height ? WORTH : 1)
  const rows = Math.ceil(count / (sizes.findLastIndex((size) => size >= least) + 1))
  // Three and two rather than four and one.
  return Math.ceil(count / rows)
}

/** As many tiles of one size, as large as they can be, in rows from the start; a row that is not full stands in the middle. */
export function grid(count: number, area: Area, shape: Shape = faceIn(area)): Box[] {
  if (count === 0) return []
  const columns = columnsFor(count, area, shape)
  const rows = Math.ceil(count / columns)
  const tile = within(cellOf(area, columns, rows), shape)
  const top = Math.floor((area.height - rows * tile.height - (rows - 1) * GAP) / 2)
  return Array.from({ length: count }, (_none, at) => {
    const row = Math.floor(at / columns)
    const inRow = row === rows - 1 ? count - row * columns : columns
    const left = Math.floor((area.width - inRow * tile.width - (inRow - 1) * GAP) / 2)
    return {
      ...tile,
      x: left + (at - row * columns) * (tile.width + GAP),
      y: top + row * (tile.height + GAP),
    }
  })
}

export interface Wish {
  layout: LayoutName
  /** In the order of coming. */
  tiles: readonly Candidate[]
  pinned: string | null
  /** Who speaks, or spoke last: the id of their tile. */
  speaker: string | null
}
interface Chosen {
  large: Candidate[]
  small: Candidate[]
  /** The large one follows whoever speaks. */
  follows: boolean
}

/** What is large, and what is small beside it. Without anything large, all are alike. */
export function choose({ layout, tiles, pinned, speaker }: Wish): Chosen {
  const without = (large: Candidate[]): Chosen => ({
    large,
    small: tiles.filter((tile) => !large.includes(tile)),
    follows: false,
  })
  const held = tiles.find(({ id }) => id === pinned)
  if (held) return without([held])
  const screens = tiles.filter(({ kind }) => kind === 'screen')
  if (screens.length > 0) return without(layout === 'grid' ? screens : screens.slice(-1))
  if (layout === 'grid' || tiles.length < 2) return { large: [], small: [...tiles], follows: false }
  const others = tiles.filter(({ own }) => !own)
  const one = others.find(({ id }) => id === speaker) ?? others[0] ?? tiles[0]!
  // Of two there is only one to look at: the other's small picture would be the same again.
  if (tiles.length === 2) return without([one])
  return { large: [one], small: [...tiles], follows: true }
}

/** From here on a screen is a phone's: narrow ones have the small tiles below, flat ones beside. */
const FLAT = 430
const bounded = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))

function isBeside(layout: LayoutName, { width, height }: Area): boolean {
  if (width < height) return false
  if (height < FLAT || layout === 'sidebar') return true
  return layout === 'grid' && width / height > 1.5
}

/** The part for small tiles, not larger than they fill it. */
function shelf(count: number, area: Area, beside: boolean): { boxes: Box[]; taken: number } {
  const part = beside
    ? { width: Math.floor(bounded(area.width * 0.22, 96, 272)), height: area.height }
    : { width: area.width, height: Math.floor(bounded(area.height * 0.24, 72, 176)) }
  const boxes = grid(count, part)
  const ends = boxes.map((box) => (beside ? box.x + box.width : box.y + box.height))
  const starts = boxes.map((box) => (beside ? box.x : box.y))
  const before = Math.min(...starts)
  const taken = Math.max(...ends) - before
  const shift = (box: Box): Box => (beside ? { ...box, x: box.x - before } : { ...box, y: box.y - before })
  return { boxes: boxes.map(shift), taken }
}

/** A place for each tile in an area. */
export function arrange(wish: Wish, area: Area): Placed[] {
  const { large, small, follows } = choose(wish)
  const put = (tile: Candidate, box: Box | undefined, isLarge: boolean): Placed => ({
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    ...box,
    key: isLarge && follows ? SPEAKER_KEY : tile.id,
    id: tile.id,
    large: isLarge,
  })
  if (large.length === 0) {
    const boxes = grid(small.length, area)
    return small.map((tile, at) => put(tile, boxes[at], false))
  }
  const shape = large.every(({ kind }) => kind === 'screen') ? ANY : undefined
  if (small.length === 0) {
    const boxes = grid(large.length, area, shape)
    return large.map((tile, at) => put(tile, boxes[at], true))
  }
  const beside = isBeside(wish.layout, area)
  const { boxes, taken } = shelf(small.length, area, beside)
  const rest = beside
    ? { width: area.width - taken - GAP, height: area.height }
    : { width: area.width, height: area.height - taken - GAP }
  const stage = grid(large.length, rest, shape)
  const off = beside ? { x: rest.width + GAP, y: 0 } : { x: 0, y: rest.height + GAP }
  return [
    ...large.map((tile, at) => put(tile, stage[at], true)),
    ...small.map((tile, at) => {
      const box = boxes[at]!
      return put(tile, { ...box, x: box.x + off.x, y: box.y + off.y }, false)
    }),
  ]
}
