import { computed, shallowRef, type Component } from 'vue'
import { useRoom } from '@/core/room'
import { features } from '..'
import type { ChatEntry, ChatPart } from '../feature'

/** Something of another activity among the messages, and what draws it. */
export interface Guest {
  key: string
  entry: ChatEntry
  view: Component
}

interface Party {
  id: string
  part: ChatPart
}

const parties = shallowRef<Party[]>([])
const known = new WeakMap<ChatEntry, Guest>()

const inRoom = (id: string): boolean => useRoom().state.rooms?.room.activities.includes(id) ?? false

/** Loads what other activities bring, before the panel is drawn: a list that is there does not move. */
export async function loadGuests(): Promise<void> {
  const bringing = features.flatMap(({ id, inChat }) => (inChat ? [{ id, inChat }] : []))
  parties.value = await Promise.all(
    bringing.map(async ({ id, inChat }) => ({ id, part: (await inChat.part()).default })),
  )
}

/** What lies over the panel, also of activities that are off: it says so when it is asked for. */
export const overs = computed(() => parties.value.map(({ part }) => part.over))

/** The parts of the activities that are on now. */
export const guestParts = computed<ChatPart[]>(() =>
  parties.value.filter(({ id }) => inRoom(id)).map(({ part }) => part),
)

/** All that stands in everyone's chat beside the messages, the oldest first; what is on its way at the end. */
export const guests = computed<Guest[]>(() =>
  parties.value
    .filter(({ id }) => inRoom(id))
    .flatMap(({ id, part }) => part.entries().map((entry) => guestOf(id, part, entry)))
    .sort((a, b) => Number(a.entry.pending) - Number(b.entry.pending) || a.entry.at - b.entry.at),
)

function guestOf(id: string, part: ChatPart, entry: ChatEntry): Guest {
  const before = known.get(entry)
  if (before) return before
  const guest = { key: `${id}:${entry.id}`, entry, view: part.entry }
  known.set(entry, guest)
  return guest
}

/** How much of it is new to the person; known before the panel is loaded. */
export function unreadGuests(): number {
  return features.reduce((sum, { id, inChat }) => sum + (inChat && inRoom(id) ? inChat.unread() : 0), 0)
}
