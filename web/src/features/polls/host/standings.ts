import { onScopeDispose, shallowRef, watch } from 'vue'
import { useRoom } from '@/core/room'
import { liveOf, withLive, type LivePolls } from '../live'

/** How open polls stand, from the newest snapshot and the signals since. */
export function useStandings() {
  const room = useRoom()
  const live = shallowRef<LivePolls>(new Map())
  watch(
    () => room.generation,
    () => (live.value = room.state.polls ? liveOf(room.state.polls) : new Map()),
    { immediate: true },
  )
  onScopeDispose(room.onSignal('polls.tally', (data) => (live.value = withLive(live.value, data.live))))
  return live
}
