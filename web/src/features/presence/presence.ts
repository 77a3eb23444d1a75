import { onScopeDispose, watch } from 'vue'
import { useRoom } from '@/core/room'
import { useAway } from './away'
import { followed, levels, saidAway, without } from './levels'
import { Meter } from './meter'

const PROBE_EVERY = 10_000

/** Tells how present one is on this page, and follows how present the others are. Once for each room's frame. */
export function usePresence(): void {
  const room = useRoom()
  const meter = new Meter()
  const away = useAway()
  levels.value = {}
  saidAway.value = false

  const live = () => room.status === 'live'
  const seen = () => document.visibilityState === 'visible'

  function tell(): void {
    if (!live()) return
    // A page that nobody sees has slow timers: what it measures says nothing of the connection.
    const probe = seen() ? { probe: meter.send(performance.now()) } : {}
    room.signal('presence.level', { away: away.value, quality: meter.quality, ...probe })
  }

  function beat(): void {
    const before = meter.quality
    meter.expire(performance.now())
    if (seen() || meter.quality !== before) tell()
  }

  const timer = setInterval(beat, PROBE_EVERY)
  const offs = [
    room.onSignal('presence.level', (news) => (levels.value = followed(levels.value, news))),
    room.onSignal('presence.probe', ({ probe }) => meter.answered(probe, performance.now())),
    room.onEvent('people.changed', ({ data }) => (levels.value = without(levels.value, data.left))),
  ]
  watch(away, tell)
  // A new connection: the server knows nothing of it yet.
  watch(
    live,
    (now) => {
      meter.forget()
      if (now) tell()
    },
    { immediate: true },
  )
  const wake = () => meter.forget()
  document.addEventListener('visibilitychange', wake)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', wake)
    for (const off of offs) off()
    levels.value = {}
  })
}
