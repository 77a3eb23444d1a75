/** Where in a text something is wrong, as a host is shown it. */
export interface Place {
  /** From 1. */
  line: number
  /** What stands in the line, cut to what fits, and how many signs stand before the wrong one in that. */
  excerpt: string
  before: number
  /** In UTF-16 units of the whole text, for the cursor: from there to the line's end. */
  start: number
  end: number
}

const AROUND = 60
const LEAD = 24

/** Reads the place off the server's sentence, which counts characters: "Line 3, column 7, polls.0: …". */
export function placeIn(text: string, sentence: string): Place | null {
  const [, row, column] = /^Line (\d+), column (\d+)/.exec(sentence) ?? []
  if (!row || !column) return null
  const lines = text.split('\n')
  const line = lines[Number(row) - 1]
  if (line === undefined) return null
  const signs = [...line.replace(/\r$/, '')]
  const at = Math.min(Number(column) - 1, signs.length)
  const from = Math.max(0, at - LEAD)
  const cut = signs.slice(from, from + AROUND)
  const lead = from > 0 ? '…' : ''
  const tail = from + AROUND < signs.length ? '…' : ''
  const opening = lines.slice(0, Number(row) - 1).reduce((sum, each) => sum + each.length + 1, 0)
  return {
    line: Number(row),
    excerpt: `${lead}${cut.join('').replaceAll('\t', ' ')}${tail}`,
    before: at - from + lead.length,
    start: opening + signs.slice(0, at).join('').length,
    end: opening + signs.join('').length,
  }
}
