import type { RoomsHosts, RoomsSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'
import type { WireEvent } from '@/core/wire'

function hosts(state: RoomsHosts, event: WireEvent): RoomsHosts {
  switch (event.type) {
    case 'rooms.invited':
      return { ...state, invitations: [...state.invitations, ...event.data.invitations] }
    case 'rooms.uninvited': {
      const gone = new Set(event.data.invitations)
      return { ...state, invitations: state.invitations.filter(({ id }) => !gone.has(id)) }
    }
    case 'rooms.groups_changed':
      return { ...state, groups: event.data.groups }
    default:
      return state
  }
}

export const rooms: Fold<RoomsSnapshot> = {
  apply(state, event) {
    if (event.type === 'rooms.changed') return { ...state, room: event.data.room }
    if (!state.hosts) return state
    const now = hosts(state.hosts, event)
    return now === state.hosts ? state : { ...state, hosts: now }
  },
  normalise: (state) => state,
}
