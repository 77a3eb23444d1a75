import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { useRoom } from '@/core/room'
import { liveOf, withLive, type LivePolls } from './live'

/**
 * How open polls stand, followed for as long as the component is there. The snapshot may be long past when a page is
 * first opened, so that each open poll is asked for once; a signal that came meanwhile is newer than the answer.
 */
export function useLivePolls(): Readonly<Ref<LivePolls>> {
  const room = useRoom()
  const live = shallowRef<LivePolls>(new Map())
  const told = new Set<string>()

  async function ask(poll: string): Promise<void> {
    told.delete(poll)
    try {
      const now = await room.ask('polls.results', { poll })
      if (!told.has(poll)) live.value = withLive(live.value, now)
    } catch {
      // It is gone, or the connection is: the next signal or snapshot says how it stands.
    }
  }
  watch(
    () => room.generation,
    () => {
      const state = room.state.polls
      live.value = state ? liveOf(state) : new Map()
    },
    { immediate: true },
  )
  // Opened again it begins anew; hidden or shown again, the totals are others.
  watch(
    () =>
      (room.state.polls?.polls ?? [])
        .filter(({ state }) => state === 'open')
        .map(({ id, opened_at, shown }) => `${id} ${opened_at} ${shown}`),
    (now, before = []) => {
      for (const key of now) if (!before.includes(key)) void ask(key.split(' ')[0]!)
    },
    { immediate: true },
  )
  // Signals of while there was no connection are lost, and who comes back soon gets no snapshot.
  watch(
    () => room.status,
    (now, before) => {
      if (now !== 'live' || before !== 'reconnecting') return
      for (const { id, state } of room.state.polls?.polls ?? []) if (state === 'open') void ask(id)
    },
  )
  const stop = room.onSignal('polls.tally', ({ live: now }) => {
    told.add(now.poll)
    live.value = withLive(live.value, now)
  })
  onScopeDispose(stop)
  return live
}
