import data from 'emojibase-data/en/compact.json'

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

/** The numbers of the groups are those of the data; 2 holds parts that are no emoji by themselves. */
const TITLES: [number, string][] = [
  [0, 'Smileys'],
  [1, 'People'],
  [3, 'Nature'],
  [4, 'Food'],
  [5, 'Places'],
  [6, 'Activities'],
  [7, 'Objects'],
  [8, 'Symbols'],
  [9, 'Flags'],
]

/** The data marks emoji as pictures even where they are so by themselves, which would make two of one. */
function plain(sign: string): string {
  return sign.replace(/^(\p{Emoji_Presentation})\u{FE0F}$/u, '$1')
}

export const groups: EmojiGroup[] = TITLES.map(([number, title]) => ({
  title,
  emoji: data
    .filter((one) => one.group === number)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ unicode, label, tags }) => ({
      sign: plain(unicode),
      label,
      words: [label, ...(tags ?? [])].join(' ').toLowerCase(),
    })),
}))

const FOUND_AT_MOST = 80

/** Every word must begin a word of the emoji; labels that begin with the text come first. */
export function search(text: string): Emoji[] {
  const wanted = text.toLowerCase().trim().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  const fits = ({ words }: Emoji) =>
    wanted.every((word) => words.startsWith(word) || words.includes(` ${word}`))
  const found = groups.flatMap(({ emoji }) => emoji).filter(fits)
  const first = (one: Emoji) => (one.label.toLowerCase().startsWith(wanted[0]!) ? 0 : 1)
  return found.sort((a, b) => first(a) - first(b)).slice(0, FOUND_AT_MOST)
}
