import { computed } from 'vue'
import type { FloorItem } from '@/contract'
import { useRoom } from '@/core/room'

const NOBODY: ReadonlySet<string> = new Set()
/** Everybody's row asks for the same: it is found once for each state of the queue. */
const found = new WeakMap<FloorItem[], ReadonlySet<string>>()

/** Who asks to speak, by id. */
export function handsOf(items: FloorItem[] | undefined): ReadonlySet<string> {
  if (!items) return NOBODY
  const known = found.get(items)
  if (known) return known
  const hands = new Set(items.filter(({ kind }) => kind === 'voice').map(({ person }) => person))
  found.set(items, hands)
  return hands
}

export function useHands() {
  const room = useRoom()
  return computed(() => handsOf(room.state.floor?.items))
}
