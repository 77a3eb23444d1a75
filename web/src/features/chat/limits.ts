import { computed, type Ref } from 'vue'
import { useCountdown } from '@/core/countdown'
import { useRoom } from '@/core/room'
import type { Conversation } from './state'

/** Code points in a message, as the server counts them. */
export const LONGEST = 4_000
/** From here on the rest is told. */
const TELL_FROM = 3_600

export function lengthOf(text: string): number {
  const trimmed = text.trim()
  // Most texts are far from the limit: counting code points is for those near it.
  return trimmed.length < TELL_FROM ? trimmed.length : [...trimmed].length
}

export function leftOver(text: string): number | null {
  const length = lengthOf(text)
  return length >= TELL_FROM ? LONGEST - length : null
}

export const characters = (count: number) =>
  `${count.toLocaleString()} ${count === 1 ? 'character' : 'characters'}`

/** Why one may not write here now, in a sentence; null when one may. */
export function useSilence(peer: Ref<string | null>) {
  const room = useRoom()
  return computed<string | null>(() => {
    const { me } = room
    const settings = room.state.chat?.settings
    if (!me || !settings) return null
    if (me.muted) return 'A host has muted you. You can read along.'
    if (peer.value === null) {
      if (settings.participants_only && me.role === 'audience')
        return 'Only participants and hosts may write at the moment. You can read along.'
      return null
    }
    return settings.direct ? null : 'Direct messages are switched off in this room.'
  })
}

/** Seconds until the next message is taken, in a room with slow mode; 0 when it is. */
export function useSlowMode(conversation: Ref<Conversation | undefined>) {
  const room = useRoom()

  const lastOwn = computed(() => {
    const me = room.state.people?.me
    return conversation.value?.messages.findLast((message) => message.author === me)?.at ?? 0
  })
  const free = computed(() => {
    const seconds = room.state.chat?.settings.slow_seconds ?? 0
    if (seconds === 0 || room.isHost || conversation.value?.peer !== null) return 0
    return lastOwn.value + seconds * 1000
  })

  return useCountdown(free)
}
