import { ListOrdered } from '@lucide/vue'
import { useRoom } from '@/core/room'
import type { Feature } from '../feature'
import { backAgain, hangUp, next } from './actions'
import { nowOf } from './line'

/** Nothing is being answered, and nobody is on the line. */
function waits(): boolean {
  const { state } = useRoom()
  return nowOf(state.floor) === null && !state.voice?.calls.length
}

export const floor: Feature = {
  id: 'floor',
  title: 'Queue',
  icon: ListOrdered,
  place: 'main',
  panel: () => import('./FloorPanel.vue'),
  settings: () => import('./FloorSettings.vue'),
  over: [() => import('../voice/PhoneOver.vue'), () => import('../voice/VoiceOver.vue')],
  badge: () => useRoom().state.floor?.hosts?.waiting.length ?? 0,
  screen: {
    parts: [
      { place: 'stage', panel: () => import('./ScreenQueue.vue'), waits },
      { place: 'head', panel: () => import('../voice/ScreenSound.vue') },
    ],
    keys: [
      { keys: ['ArrowRight', 'PageDown'], sign: '→', does: 'next question', run: () => void next() },
      { keys: ['ArrowLeft', 'PageUp'], sign: '←', does: 'back to the queue', run: backAgain },
      { keys: ['Backspace', 'Delete'], sign: '⌫', does: 'hang up', run: hangUp },
    ],
  },
}
