export interface Part {
  text: string
  hit: boolean
}

/** A hit far into a long message is shown with this much before it. */
const BEFORE = 60
const SHOWN = 300

/** The part of a message around the words that were searched, with those marked. */
export function marked(body: string, words: string): Part[] {
  const flat = body.replace(/\s+/g, ' ')
  const first = find(flat, words, 0)
  const from = first > BEFORE + 20 ? first - BEFORE : 0
  const text = (from > 0 ? '…' : '') + flat.slice(from, from + SHOWN)
  const parts: Part[] = []
  let at = 0
  for (let hit = find(text, words, 0); hit >= 0 && words; hit = find(text, words, at)) {
    if (hit > at) parts.push({ text: text.slice(at, hit), hit: false })
    at = hit + words.length
    parts.push({ text: text.slice(hit, at), hit: true })
  }
  if (at < text.length) parts.push({ text: text.slice(at), hit: false })
  return parts
}

function find(text: string, words: string, from: number): number {
  return text.toLowerCase().indexOf(words.toLowerCase(), from)
}
