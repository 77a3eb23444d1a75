import { UsersRound } from '@lucide/vue'
import { useRoom } from '@/core/room'
import type { Feature } from '../feature'

export const people: Feature = {
  id: 'people',
  title: 'People',
  icon: UsersRound,
  place: 'side',
  always: true,
  panel: () => import('./PeoplePanel.vue'),
  badge: () => useRoom().state.people?.hosts?.knocks.length ?? 0,
}
