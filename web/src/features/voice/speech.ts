import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useRoom } from '@/core/room'

/** A level that nobody has renewed for so long says nothing any more. */
const STALE_MS = 1_500

const said = shallowRef<readonly string[]>([])
/** By call: how loud it was when the page that plays it said so. Read by meters at each frame, so that nothing is reactive. */
const levels = new Map<string, { level: number; at: number }>()

/** How loud a call is that another page plays, 0 to 1. Only hosts are told. */
export function levelElsewhere(call: string): number {
  const found = levels.get(call)
  return found && performance.now() - found.at < STALE_MS ? found.level : 0
}

/** Who speaks just now, by id. */
export function useSpeakers() {
  const room = useRoom()
  return computed(() => {
    const live = room.state.voice?.calls.filter(({ state }) => state === 'live') ?? []
    return new Set(live.map(({ person }) => person).filter((person) => said.value.includes(person)))
  })
}

/** Follows who speaks, and how loud. Once for each frame of a room. */
export function useSpeech(): void {
  const room = useRoom()
  const offs = [
    room.onSignal('voice.speaking', ({ people }) => (said.value = people)),
    room.onSignal('voice.level', ({ call, level }) =>
      levels.set(call, { level: level / 100, at: performance.now() }),
    ),
    room.onEvent('voice.ended', ({ data }) => levels.delete(data.call)),
  ]
  // Changes alone are told: whoever comes, or comes back, asks.
  watch(
    () => room.status === 'live',
    (live) => {
      said.value = []
      levels.clear()
      if (live) room.signal('voice.speaking', {})
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    for (const off of offs) off()
    said.value = []
    levels.clear()
  })
}
