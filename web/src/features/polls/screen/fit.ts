import { DENSER, lineHeight, linesOf, type RowLook, type Width } from '../results/measure'

/** What there is room for, in em of the screen: nothing is cut off at its edge, and nothing is too small for the back row. */
export interface Space {
  width: number
  height: number
}

export interface RowFit {
  /** Of the type, in em of the screen. */
  size: number
  columns: number
  /** Lines of words that a row has; longer texts end in dots. */
  lines: number
  /** How many rows are shown. */
  shown: number
  /** Without the second line of each row. */
  brief: boolean
  /** Closer together: the smallest type has the most rows. */
  dense: boolean
}

export const COLUMN_GAP = 1.4
export const MORE_LINE = 2
const SIZES = [2.2, 1.9, 1.75, 1.6, 1.45, 1.3, 1.15, 1]
const MOST_COLUMNS = 4
/** Narrower columns of words are no lines any more. */
const NARROWEST = 8
const COLUMN_COSTS = 0.35
const LONGEST = 6

/** The largest type in which all rows are shown whole, then with fewer lines, then as many rows as there is room for. */
export function fitRows(texts: string[], space: Space, look: RowLook, width: Width): RowFit {
  const options = candidates(texts, space, look, width)
  for (const cap of [LONGEST, 4, 3, 2]) {
    const whole = options
      .map((option) => ({ ...option, lines: Math.min(option.needs, cap) }))
      .filter((option) => (cap === LONGEST ? option.needs <= LONGEST : true))
      .filter((option) => roomFor(option, space, look) >= texts.length)
    const best = first(whole, ({ size, columns }) => size - (columns - 1) * COLUMN_COSTS)
    if (best) return { ...only(best), shown: texts.length }
  }
  const cut = { ...space, height: space.height - MORE_LINE }
  const short = options.map((option) => ({ ...option, lines: Math.min(option.needs, 2) }))
  const most = first(short, (option) => roomFor(option, cut, look) + option.size / 10)
  if (!most) return { size: 1, columns: 1, lines: 1, brief: true, dense: true, shown: texts.length }
  return { ...only(most), shown: Math.max(1, Math.min(texts.length, roomFor(most, cut, look))) }
}

interface Candidate {
  size: number
  columns: number
  brief: boolean
  dense: boolean
  /** Lines of the longest text. */
  needs: number
}

function candidates(texts: string[], space: Space, look: RowLook, width: Width): Candidate[] {
  const found: Candidate[] = []
  for (let columns = 1; columns <= Math.min(MOST_COLUMNS, Math.max(1, texts.length)); columns += 1) {
    for (const size of SIZES) {
      const column = (space.width - COLUMN_GAP * (columns - 1)) / columns / size
      const dense = size < 1.15
      const words = column - (dense ? look.beside - DENSER : look.beside)
      if (words < NARROWEST && columns > 1) continue
      const needs = Math.max(1, ...texts.map((text) => linesOf(text, Math.max(1, words), width)))
      // The second line is small type: in the smallest it could not be read.
      const brief = look.below === 0 || size < 1.25
      found.push({ size, columns, brief, dense, needs })
      if (!brief) found.push({ size, columns, brief: true, dense, needs })
    }
  }
  return found
}

const roomFor = (option: Omit<RowFit, 'shown'>, space: Space, look: RowLook): number =>
  Math.floor(space.height / option.size / lineHeight(look, option) + 1e-6) * option.columns

/** The best by a measure; of those alike the one that came first. */
function first<T>(all: T[], measure: (one: T) => number): T | undefined {
  let best: T | undefined
  for (const one of all) if (best === undefined || measure(one) > measure(best)) best = one
  return best
}

const only = ({ size, columns, lines, brief, dense }: Omit<RowFit, 'shown'>) => ({
  size,
  columns,
  lines,
  brief,
  dense,
})

export interface Sized {
  text: string
  /** How large it is, in em of the cloud's type. */
  weight: number
  /** The number beside it. */
  beside: number
}

/** As many of a cloud's words as there is room for, the rarest left out first. */
export function fitCloud(
  make: (shown: number) => Sized[],
  most: number,
  space: Space,
  width: Width,
): { size: number; shown: number } {
  for (let shown = most; shown > 1; shown -= Math.ceil(shown / 10)) {
    const words = make(shown)
    for (const size of CLOUD_SIZES) {
      const height = cloudHeight(words, space.width / size, width)
      if (height * size <= space.height - (shown < most ? MORE_LINE : 0)) return { size, shown }
    }
  }
  return { size: CLOUD_SIZES.at(-1)!, shown: Math.min(1, most) }
}

export const WORD_GAP = 0.9
export const CLOUD_LINE_GAP = 0.25
const CLOUD_SIZES = [2, 1.8, 1.6, 1.4, 1.25, 1.1]

function cloudHeight(words: Sized[], room: number, width: Width): number {
  let height = 1.2
  let used = 0
  let line = 0
  for (const { text, weight, beside } of words) {
    const needs = width(text) * weight * 1.06 + beside
    if (used > 0 && used + WORD_GAP + needs > room) {
      height += line + CLOUD_LINE_GAP
      used = line = 0
    }
    used += (used > 0 ? WORD_GAP : 0) + needs
    line = Math.max(line, weight * 1.25 * Math.max(1, Math.ceil(needs / room)))
  }
  return height + line
}

export interface TextFit {
  size: number
  columns: number
  /** Which texts are shown, by their places. */
  shown: number[]
}

/** Texts one under the other, in columns that are filled from the first. */
export function fitTexts(texts: string[], space: Space, width: Width): TextFit {
  const tries = [1.75, 1.45, 1.2, 1].flatMap((size) => [1, 2].map((columns) => ({ size, columns })))
  const found = tries.map((one) => ({
    ...one,
    shown: textsWithin(texts, one, space, width),
  }))
  const all = found.find(({ shown }) => shown.length === texts.length)
  if (all) return all
  const cut = { ...space, height: space.height - MORE_LINE }
  const readable = { size: 1.2, columns: 2 }
  return { ...readable, shown: textsWithin(texts, readable, cut, width) }
}

export const TEXT_PADDING = 1.2
export const TEXT_GAP = 0.5

/** What has no room any more is passed over for shorter ones behind it. */
function textsWithin(
  texts: string[],
  { size, columns }: { size: number; columns: number },
  space: Space,
  width: Width,
): number[] {
  const room = (space.width - COLUMN_GAP * (columns - 1)) / columns / size - 1.8
  const height = space.height / size + TEXT_GAP
  const shown: number[] = []
  let column = 1
  let used = 0
  texts.forEach((text, at) => {
    const lines = text.split('\n').reduce((sum, part) => sum + linesOf(part, room, width), 0)
    const needs = lines * 1.4 + TEXT_PADDING + TEXT_GAP
    if (used + needs > height && column < columns && needs <= height) {
      column += 1
      used = 0
    }
    if (used + needs > height) return
    used += needs
    shown.push(at)
  })
  return shown
}
