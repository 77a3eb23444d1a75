/** How wide text is, in em of its own size. */
export type Width = (text: string) => number

const PIXELS = 32
/** Where nothing can be measured, as in tests: a little more than letters take on the average. */
const ABOUT = 0.55
const pens = new Map<string, Width>()

/** Measures in the font of this family, as the browser draws it. Words are measured once. */
export function widthIn(family: string): Width {
  const known = pens.get(family)
  if (known) return known
  const pen = document.createElement('canvas').getContext('2d')
  if (pen) pen.font = `${PIXELS}px ${family}`
  const widths = new Map<string, number>()
  const width: Width = (text) => {
    let found = widths.get(text)
    if (found === undefined) {
      found = pen ? pen.measureText(text).width / PIXELS : [...text].length * ABOUT
      if (widths.size > 5_000) widths.clear()
      widths.set(text, found)
    }
    return found
  }
  pens.set(family, width)
  return width
}

/** Fonts have come: what was measured before was measured in others. */
export const measureAnew = (): void => pens.clear()

/** How many lines a text takes: words are put into lines as browsers do it, longer ones are broken anywhere. */
export function linesOf(text: string, room: number, width: Width): number {
  const space = width(' ')
  let lines = 1
  let used = 0
  for (const word of text.split(/\s+/)) {
    const needs = width(word)
    if (used > 0 && used + space + needs > room) {
      lines += 1
      used = 0
    }
    used += (used > 0 ? space : 0) + needs
    while (used > room) {
      lines += 1
      used -= room
    }
  }
  return lines
}

/** How rows look, in em of their own type. */
export interface RowLook {
  /** What stands beside the words. */
  beside: number
  /** Above and below the words. */
  padding: number
  /** The second line; 0 where there is none. */
  below: number
}
export const BAR: RowLook = { beside: 9, padding: 1.5, below: 0 }
export const RANK: RowLook = { beside: 9.6, padding: 1.5, below: 1.2 }
/** Options that are only named. */
export const PLAIN: RowLook = { beside: 1.8, padding: 1.5, below: 0 }
const LINE = 1.3

/** How much less stands beside the words where rows are close together, and above and below them. */
export const DENSER = 1.6
const DENSER_ROWS = 0.7

export interface RowState {
  lines: number
  /** Without the second line. */
  brief?: boolean
  dense?: boolean
}
export const lineHeight = (look: RowLook, { lines, brief, dense }: RowState): number =>
  lines * LINE + look.padding - (dense ? DENSER_ROWS : 0) + (brief ? 0 : look.below)
