import type { FloorItem, FloorSnapshot } from '@/contract'

/** What is being answered in front of everyone; the first of several. */
export const nowOf = (floor: FloorSnapshot | undefined): FloorItem | null =>
  floor?.items.find((item) => item.taken_at !== null) ?? null

/** Those who stand in the queue, in its order. */
export const lineOf = (floor: FloorSnapshot | undefined): FloorItem[] =>
  floor?.items.filter((item) => item.taken_at === null) ?? []

export interface OwnItem {
  item: FloorItem
  /** `now`: being answered. A number: how many stand before it. */
  where: 'now' | 'waiting' | number
}

/** What a person has in the queue, and where it stands. */
export function ownOf(floor: FloorSnapshot | undefined, me: string | undefined): OwnItem[] {
  if (!floor) return []
  const line = lineOf(floor)
  const open = floor.items
    .filter((item) => item.person === me)
    .map((item): OwnItem => ({ item, where: item.taken_at === null ? line.indexOf(item) : 'now' }))
  return [...open, ...floor.own.waiting.map((item): OwnItem => ({ item, where: 'waiting' }))]
}

/** First, 2nd, 3rd, 4th … */
export function ordinal(place: number): string {
  const suffix = { one: 'st', two: 'nd', few: 'rd' }[ORDINALS.select(place) as string] ?? 'th'
  return `${place.toLocaleString('en')}${suffix}`
}
const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' })

export function before(count: number): string {
  if (count === 0) return 'Nobody is before you.'
  return count === 1 ? 'One is before you.' : `${count.toLocaleString()} are before you.`
}

export const bodyOf = (item: { kind: string; body: string }): string =>
  item.body || (item.kind === 'voice' ? 'Asks to speak' : '')

/** A short form of it, for sentences. */
export function shortly(item: { kind: string; body: string; number: number }, longest = 60): string {
  const body = bodyOf(item)
  return body.length > longest ? `${body.slice(0, longest).trimEnd()}…` : body
}

/** Where somebody who is put there may stand: pinned ones stay on top. */
export function bounds(line: FloorItem[], id: string): [number, number] {
  const pinned = line.filter((item) => item.pinned).length
  const last = Math.max(0, line.length - 1)
  return line.find((item) => item.id === id)?.pinned ? [0, last] : [Math.min(pinned, last), last]
}
