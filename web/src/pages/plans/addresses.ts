/** Something that may stand for one address: as it was typed, and whether it looks like one. */
export interface Invited {
  text: string
  good: boolean
}

/** As generous as the server, which decides. */
const ADDRESS = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]{2,}$/u
export const looksLikeAddress = (text: string): boolean => text.length <= 254 && ADDRESS.test(text)

/** What stands around addresses in letters and lists. */
const AROUND = /^(?:mailto:)?['"“”‘’<([{*_]*(?:mailto:)?|[>\])}'"“”‘’.,;:!?*_]+$/giu

const tidied = (word: string) => word.replace(AROUND, '')

/** All addresses in a text of any kind: lists, heads of letters, tables, sentences. Each once. */
export function addressesIn(text: string): string[] {
  const found = text
    .split(/[\s,;|<>()[\]"]+/u)
    .map(tidied)
    .filter(looksLikeAddress)
  return unique(found)
}

/** Each address once, however it is written; the first way of writing stays. */
export function unique(addresses: string[]): string[] {
  const seen = new Set<string>()
  return addresses.filter((each) => {
    const key = each.toLowerCase()
    return !seen.has(key) && seen.add(key)
  })
}

/**
 * What was typed or pasted, as entries of a list. Where there are addresses in it, these are meant, and the names beside
 * them are not; where there is none, each part is kept, so that nothing that was typed disappears.
 */
export function invitedIn(text: string): Invited[] {
  const found = addressesIn(text)
  const wrong = text
    .split(/[,;\n\t]+/u)
    .map((part) => part.trim().replace(/\s+/gu, ' '))
    .filter((part) => part !== '' && (found.length === 0 || part.includes('@')))
    .filter((part) => addressesIn(part).length === 0)
  return [
    ...found.map((each) => ({ text: each, good: true })),
    ...unique(wrong).map((each) => ({ text: each, good: false })),
  ]
}

/** A list with more at its end; who is in it already is not added again. */
export function joined(have: Invited[], more: Invited[]): Invited[] {
  const seen = new Set(have.map((each) => each.text.toLowerCase()))
  return [...have, ...more.filter((each) => !seen.has(each.text.toLowerCase()))]
}
