// Made by scripts/emoji.mjs from emojibase-data (MIT).
import data from './emoji.txt?raw'

export interface Emoji {
  sign: string
  label: string
  /** What it is found by. */
  words: string
}

export interface EmojiGroup {
  title: string
  emoji: Emoji[]
}

/** A line is a sign, its name, and other words for it after a semicolon; a heading begins a group. */
function parse(text: string): EmojiGroup[] {
  const found: EmojiGroup[] = []
  for (const line of text.trimEnd().split('\n')) {
    const space = line.indexOf(' ')
    const [sign, rest] = [line.slice(0, space), line.slice(space + 1)]
    if (sign === '#') found.push({ title: rest, emoji: [] })
    else {
      const label = rest.split(';', 1)[0]!
      found.at(-1)?.emoji.push({ sign, label, words: rest.toLowerCase() })
    }
  }
  return found
}

export const groups = parse(data)

const FOUND_AT_MOST = 80

/** Every word must begin a word of the emoji; names that begin with the text come first. */
export function search(text: string): Emoji[] {
  const wanted = text.toLowerCase().trim().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  const fits = ({ words }: Emoji) =>
    wanted.every((word) => words.startsWith(word) || words.includes(` ${word}`))
  const found = groups.flatMap(({ emoji }) => emoji).filter(fits)
  const first = ({ label }: Emoji) => (label.toLowerCase().startsWith(wanted[0]!) ? 0 : 1)
  return found.sort((a, b) => first(a) - first(b)).slice(0, FOUND_AT_MOST)
}
