import { computed } from 'vue'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { tellError } from '@/design/toasts'
import { ownMood } from './device'
import type { MoodName } from './moods/names'

/** Somebody else was quicker: the state that came meanwhile says it all. */
const OVERTAKEN = new Set(['timer_changed', 'timer_state'])

/** Tells the person what went wrong, and the caller whether it went well. */
export async function done(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (!(error instanceof Refused && OVERTAKEN.has(error.code))) tellError(error)
    return false
  }
}

/** What the room has of study, and what of it this person may change. */
export function useStudy() {
  const room = useRoom()
  const state = computed(() => room.state.study)
  const settings = computed(() => state.value?.settings)
  /** Whether this person works the room's timer, lists and alarms. */
  const mayWork = computed(
    () => room.isHost || (settings.value?.control === 'everyone' && room.me?.role === 'participant'),
  )
  const whyNot = computed(() => {
    if (mayWork.value) return ''
    return settings.value?.control === 'hosts'
      ? 'Hosts work what belongs to the room. Yours is under “Mine”.'
      : 'The audience watches what belongs to the room. Yours is under “Mine”.'
  })
  const live = computed(() => room.status === 'live')
  const mood = computed<MoodName>(() =>
    ownMood.value === 'room' ? (settings.value?.mood ?? 'dawn') : ownMood.value,
  )
  return { room, state, settings, mayWork, whyNot, live, mood }
}
