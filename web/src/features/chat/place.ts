import { computed, shallowRef } from 'vue'
import { useRoom } from '@/core/room'
import type { Conversation } from './state'

/** Which conversation each room's chat shows: the room's own (null), or the one with a person. */
const chosen = shallowRef<{ room: string; peer: string | null } | null>(null)

export function usePlace() {
  const room = useRoom()
  const link = computed(() => room.state.rooms?.room.link ?? '')
  const peer = computed(() => (chosen.value?.room === link.value ? chosen.value.peer : null))
  const go = (to: string | null) => (chosen.value = { room: link.value, peer: to })
  return { link, peer, go }
}

/** Shows the conversation with a person, which begins with its first message, or the room's (null). */
export function openDirect(person: string | null): void {
  const room = useRoom()
  chosen.value = { room: room.state.rooms?.room.link ?? '', peer: person }
}

/** Messages that this person has not read. Own ones count as read. */
export function unreadOf(conversation: Conversation): number {
  return Math.max(0, conversation.last - Math.max(conversation.read, conversation.cleared))
}

export function unreadInAll(): number {
  const chat = useRoom().state.chat
  if (!chat) return 0
  return [chat.room, ...chat.direct].reduce((sum, one) => sum + unreadOf(one), 0)
}
