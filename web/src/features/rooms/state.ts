import type { RoomsSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'

export const rooms: Fold<RoomsSnapshot> = {
  apply: (state, event) => (event.type === 'rooms.changed' ? { ...state, room: event.data.room } : state),
  normalise: (state) => state,
}
