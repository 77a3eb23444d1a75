// Writes the emoji picker's data: what emojibase knows without skin tones and all it is not asked for, a sixth of its size.
//   npm install --no-save emojibase-data && node scripts/emoji.mjs
import { readFileSync, writeFileSync } from 'node:fs'

/** The numbers of the groups are those of the data; 2 holds parts that are no emoji by themselves. */
const GROUPS = {
  0: 'Smileys',
  1: 'People',
  3: 'Nature',
  4: 'Food',
  5: 'Places',
  6: 'Activities',
  7: 'Objects',
  8: 'Symbols',
  9: 'Flags',
}

/** Newer ones are empty boxes on many devices still. */
const NEWEST = 15

const source = new URL('../node_modules/emojibase-data/en/data.json', import.meta.url)
const target = new URL('../src/features/chat/emoji.txt', import.meta.url)
const data = JSON.parse(readFileSync(source, 'utf8'))

/** The data marks emoji as pictures even where they are so by themselves, which would make two of one. */
const plain = (sign) => sign.replace(/^(\p{Emoji_Presentation})\u{FE0F}$/u, '$1')

function line({ emoji, label, tags = [] }) {
  const known = label.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  const more = tags.filter((tag) => !known.includes(tag))
  return `${plain(emoji)} ${label}${more.length > 0 ? `; ${more.join(' ')}` : ''}`
}

const lines = Object.entries(GROUPS).flatMap(([group, title]) => [
  `# ${title}`,
  ...data
    .filter((one) => one.group === Number(group) && one.version <= NEWEST)
    .sort((a, b) => a.order - b.order)
    .map(line),
])
writeFileSync(target, `${lines.join('\n')}\n`)
