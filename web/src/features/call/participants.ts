import { computed, type ComputedRef } from 'vue'
import type { CallParticipant } from '@/contract'
import { useRoom } from '@/core/room'

/** What everyone in the call is known by, apart from media. */
export function useParticipants(): ComputedRef<readonly CallParticipant[]> {
  const room = useRoom()
  return computed(() => room.state.call?.participants ?? [])
}
