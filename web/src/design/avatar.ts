/** Twelve hues that stay apart from each other and look well on every theme. */
const HUES = [28, 52, 78, 108, 142, 172, 200, 228, 256, 284, 316, 348]

/** The same person has the same colour everywhere; the id decides, since names change and repeat. */
export function hueOf(id: string): number {
  let sum = 0
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) >>> 0
  return HUES[sum % HUES.length] ?? 28
}

const graphemes =
  typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null

function firstSign(word: string): string {
  if (!graphemes) return [...word][0] ?? ''
  for (const { segment } of graphemes.segment(word)) return segment
  return ''
}

/** The first sign of the first and of the last word; whole emoji and combined letters stay whole. */
export function initials(name: string): string {
  const words = name
    .replace(/\(\d+\)\s*$/, '')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
  const first = firstSign(words[0] ?? '')
  const last = words.length > 1 ? firstSign(words.at(-1) ?? '') : ''
  return (first + last).toLocaleUpperCase()
}
