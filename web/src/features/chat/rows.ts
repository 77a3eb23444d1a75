import type { ChatMessage } from '@/contract'
import type { Outgoing } from '@/core/outbox'
import type { Guest } from './guests'

interface Line {
  key: string
  /** The first of several in a row by one person: carries name, picture and time. */
  head: boolean
  /** The last of several in a row by one person. */
  tail: boolean
  /** The day begins here: midnight, local time. */
  day: number | null
  /** Everything from here on is new to the reader. */
  unread: boolean
}
/** A message with what stands above it. */
export interface MessageLine extends Line {
  message: ChatMessage
  /** It is on its way, or could not be sent. */
  outgoing: Outgoing | null
  guest: null
}
/** What another activity has put among the messages. */
export interface GuestLine extends Line {
  message: null
  outgoing: null
  guest: Guest
}
/** One line of the list. */
export type Row = MessageLine | GuestLine

/** A pause after which the name is told again. */
const PAUSE = 5 * 60_000

export interface RowsInput {
  messages: ChatMessage[]
  /** What stands before them without being shown: the first row looks as it will when older ones are loaded. */
  context?: ChatMessage
  /** The oldest first; pending ones at the end. */
  guests?: Guest[]
  outgoing: Outgoing[]
  me: string
  /** Messages of others after this number are new; null for no divider. */
  divider: number | null
  before?: Row[]
}

/** What is said, by whom and when: a message or a guest. */
type Said = Pick<ChatMessage, 'author' | 'name' | 'at'>
type Item =
  | { said: Said; message: ChatMessage; outgoing: Outgoing | null; guest: null }
  | { said: Said; message: null; outgoing: null; guest: Guest }

const itemOf = (message: ChatMessage, outgoing: Outgoing | null): Item => ({
  said: message,
  message,
  outgoing,
  guest: null,
})

/** All in the order in which it stands: by time; then messages on their way, then guests on theirs. */
function itemsOf({ messages, outgoing, guests = [], me }: RowsInput, known: Map<string, Row>): Item[] {
  const all: Item[] = []
  let next = 0
  const guestsUntil = (at: number) => {
    for (
      let guest = guests[next];
      guest && !guest.entry.pending && guest.entry.at < at;
      guest = guests[++next]
    )
      all.push({ said: guest.entry, message: null, outgoing: null, guest })
  }
  for (const message of messages) {
    guestsUntil(message.at)
    all.push(itemOf(message, null))
  }
  guestsUntil(Infinity)
  for (const one of outgoing) all.push(itemOf(draftOf(one, me, known.get(keyOf(me, one.id))), one))
  for (const guest of guests.slice(next))
    all.push({ said: guest.entry, message: null, outgoing: null, guest })
  return all
}

/** Rows that did not change are the same objects as before, so that nothing of them is drawn again. */
export function buildRows(input: RowsInput): Row[] {
  const { messages, context, me, divider, before = [] } = input
  const known = new Map(before.map((row) => [row.key, row]))
  const all = itemsOf(input, known)
  // While older messages are not loaded, the first one that is new may be among them.
  let marked = divider !== null && ((context ?? messages[0])?.n ?? 0) > divider + 1
  let midnight = context ? dayOf(context.at, 0) : 0
  const rows: Row[] = []
  for (let i = 0; i < all.length; i++) {
    const item = all[i]!
    const { said, message, guest } = item
    const last = i > 0 ? all[i - 1]!.said : context
    const day = dayOf(said.at, midnight)
    const newDay = day !== midnight || !last
    midnight = day
    const fresh = divider !== null && message !== null && message.n > divider
    const unread = !marked && fresh && said.author !== me
    if (unread) marked = true
    const head = newDay || unread || !last || !belongs(last, said)
    if (head && rows.length > 0) finish(rows, known)
    const line = { head, tail: false, day: newDay ? day : null, unread }
    if (message)
      rows.push({ key: keyOf(said.author, message.key), message, outgoing: item.outgoing, guest, ...line })
    else rows.push({ key: guest.key, message, outgoing: null, guest, ...line })
    if (!head && i > 0) keepIfSame(rows, rows.length - 2, known)
  }
  if (rows.length > 0) finish(rows, known)
  return rows
}

export const keyOf = (author: string, key: string) => `${author}:${key}`

function belongs(last: Said, message: Said): boolean {
  const renamed = last.name && message.name && last.name !== message.name
  return last.author === message.author && !renamed && message.at - last.at < PAUSE
}

/** The last row so far ends its group. */
function finish(rows: Row[], known: Map<string, Row>): void {
  rows.at(-1)!.tail = true
  keepIfSame(rows, rows.length - 1, known)
}

function keepIfSame(rows: Row[], index: number, known: Map<string, Row>): void {
  const now = rows[index]!
  const then = known.get(now.key)
  if (
    then?.message === now.message &&
    then.guest === now.guest &&
    then.head === now.head &&
    then.tail === now.tail &&
    then.day === now.day &&
    then.unread === now.unread &&
    then.outgoing === now.outgoing
  )
    rows[index] = then
}

const DAY = 86_400_000
/** Midnight before a moment. Asking the calendar is slow, so it is asked once for each day. */
function dayOf(at: number, guess: number): number {
  if (at >= guess && at < guess + DAY - 3_600_000) return guess
  return new Date(at).setHours(0, 0, 0, 0)
}

/** A message on its way looks like the one that it will be. */
function draftOf(one: Outgoing, me: string, known: Row | undefined): ChatMessage {
  if (known?.message && known.outgoing?.id === one.id) return known.message
  return {
    id: '',
    n: Number.MAX_SAFE_INTEGER,
    key: one.id,
    author: me,
    name: '',
    body: String(one.payload.body),
    at: one.at,
    edited_at: null,
    reply_to: null,
    mentions: [],
    reactions: [],
    pinned: false,
  }
}
