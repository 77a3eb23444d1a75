import { Video } from '@lucide/vue'
import { useRoom } from '@/core/room'
import type { Feature } from '../feature'
import { hostEntries } from './host'

export const call: Feature = {
  id: 'call',
  title: 'Call',
  icon: Video,
  place: 'main',
  panel: () => import('./CallPanel.vue'),
  settings: () => import('./CallSettings.vue'),
  over: [() => import('./CallOver.vue')],
  /** How many are in the call that one is not in. */
  badge: () => {
    const { state, me } = useRoom()
    const inCall = state.call?.participants ?? []
    return inCall.some(({ person }) => person === me?.id) ? 0 : inCall.length
  },
  screen: {
    parts: [
      {
        place: 'stage',
        panel: () => import('./ScreenCall.vue'),
        shown: () => (useRoom().state.call?.participants.length ?? 0) > 0,
        waits: () => true,
      },
    ],
  },
  personMenu: (person) => hostEntries(person),
}
