import { Timer } from '@lucide/vue'
import { useRoom } from '@/core/room'
import type { Feature } from '../feature'

/** A timer of the room that nobody has touched has nothing to say on a wall. */
function counts(): boolean {
  const timer = useRoom().state.study?.timer
  return timer !== undefined && (timer.state !== 'ready' || timer.rang !== null)
}

export const study: Feature = {
  id: 'study',
  title: 'Study',
  icon: Timer,
  place: 'main',
  panel: () => import('./StudyPanel.vue'),
  settings: () => import('./StudySettings.vue'),
  over: [() => import('./StudyOver.vue')],
  screen: {
    parts: [{ place: 'stage', panel: () => import('./ScreenTimer.vue'), waits: () => !counts() }],
  },
}
