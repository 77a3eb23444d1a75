import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useRoom } from '@/core/room'

/** Who speaks in the call, as the server tells everyone in the room: those in the call measure it besides. */
const said = shallowRef<readonly string[]>([])

export function useCallSpeakers() {
  const room = useRoom()
  return computed(() => {
    const there = new Set(room.state.call?.participants.map(({ person }) => person))
    return new Set(said.value.filter((person) => there.has(person)))
  })
}

/** Once for each frame of a room. */
export function useCallSpeech(): void {
  const room = useRoom()
  const off = room.onSignal('call.speaking', ({ people }) => (said.value = people))
  // What was said over a connection that is gone is not true for ever.
  watch(
    () => room.status === 'live',
    () => (said.value = []),
  )
  onScopeDispose(() => {
    off()
    said.value = []
  })
}
