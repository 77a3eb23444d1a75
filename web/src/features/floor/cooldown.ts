import { computed, type Ref } from 'vue'
import { useCountdown } from '@/core/countdown'
import { useRoom } from '@/core/room'

/** Whole seconds until this person may ask again; 0 when they may. */
export function useCooldown(): Ref<number> {
  const room = useRoom()

  const free = computed(() => {
    const floor = room.state.floor
    if (!floor || room.isHost || floor.own.asked_at === 0) return 0
    return floor.own.asked_at + floor.settings.cooldown_seconds * 1000
  })

  return useCountdown(free)
}

/** Five seconds, one minute, 90 seconds, an hour. */
export function spoken(seconds: number): string {
  if (seconds === 3600) return 'an hour'
  if (seconds % 60 || seconds === 0) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`
}
