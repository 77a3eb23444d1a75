import type { PeoplePerson } from '@/contract'

/** What stands between the last `@` and the caret: the name that is being written. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const match = /(?:^|[^\p{L}\p{N}_@])@([^\n@]{0,40})$/u.exec(text.slice(0, caret))
  if (!match) return null
  const query = match[1]!
  // A space right after the sign, or several words that cannot be one name, end it.
  if (/^\s/.test(query) || query.split(' ').length > 4) return null
  return { from: caret - query.length - 1, query }
}

const SHOWN = 6

/** People whose name fits, best first: the beginning of the name, then of a word in it, then anywhere. */
export function mentionable(people: PeoplePerson[], me: string, query: string): PeoplePerson[] {
  const wanted = folded(query)
  const rank = (person: PeoplePerson): number => {
    const name = folded(person.name)
    if (name.startsWith(wanted)) return 0
    if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 1
    return name.includes(wanted) ? 2 : 3
  }
  return people
    .filter((person) => person.id !== me)
    .map((person) => ({ person, rank: rank(person) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name))
    .slice(0, SHOWN)
    .map(({ person }) => person)
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The text with the name in place of what was begun, and where the caret goes. */
export function withMention(
  text: string,
  from: number,
  caret: number,
  name: string,
): { text: string; caret: number } {
  const put = `@${name} `
  const rest = text.slice(caret).replace(/^ /, '')
  return { text: text.slice(0, from) + put + rest, caret: from + put.length }
}
