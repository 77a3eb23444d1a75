import { computed, type Ref } from 'vue'
import { useCountdown } from '@/core/countdown'
import { useNow } from '@vueuse/core'
import type { VoiceCall } from '@/contract'
import { useRoom } from '@/core/room'
import { minutes } from './calls'

/** What there is to count on a call: its ringing, its speaking time, and how long somebody who is lost is waited for. */
export function useCallClock(call: Readonly<Ref<VoiceCall>>) {
  const room = useRoom()
  const rings = useCountdown(computed(() => call.value.rings_until ?? 0))
  const speaks = useCountdown(computed(() => call.value.speaks_until ?? 0))
  const back = useCountdown(computed(() => call.value.back_until ?? 0))
  const tick = useNow({ interval: 1_000 })
  const spoken = computed(() => {
    void tick.value
    return call.value.live_at === null ? 0 : (room.now() - call.value.live_at) / 1_000
  })
  return {
    rings,
    back,
    /** Whole seconds left; null without a limit. */
    left: computed(() => (call.value.speaks_until === null ? null : speaks.value)),
    time: computed(() =>
      call.value.speaks_until === null ? minutes(spoken.value) : `${minutes(speaks.value)} left`,
    ),
    /** So near the end that it is worth a look. */
    short: computed(() => call.value.speaks_until !== null && speaks.value <= 10),
  }
}
