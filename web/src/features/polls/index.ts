import { ChartColumn } from '@lucide/vue'
import { useRoom } from '@/core/room'
import type { Feature } from '../feature'
import { onScreen, unanswered } from './state'

export const polls: Feature = {
  id: 'polls',
  title: 'Polls',
  icon: ChartColumn,
  place: 'main',
  panel: () => import('./PollsPanel.vue'),
  over: [() => import('./PollsOver.vue')],
  badge: () => {
    const room = useRoom()
    // Hosts have opened them, and need not be told.
    if (room.isHost) return 0
    return unanswered(room.state.polls, room.me?.role).length
  },
  screen: {
    parts: [
      {
        place: 'stage',
        panel: () => import('./ScreenPolls.vue'),
        shown: () => onScreen(useRoom().state.polls) !== undefined,
      },
    ],
  },
}
