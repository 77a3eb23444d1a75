import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Attendance } from '@/contract'
import { useRoom } from '@/core/room'

/** However much goes on in the room, the list is asked for no more often. */
const EVERY_MS = 2_000
const TICK_MS = 1_000

/** Who is and was here, kept up to date while somebody looks at it. */
export function useAttendance() {
  const room = useRoom()
  const list = shallowRef<Attendance | null>(null)
  const failure = ref<string | null>(null)
  const now = ref(room.now())
  let asked = -Infinity
  let pending: ReturnType<typeof setTimeout> | undefined
  let over = false

  async function load(): Promise<void> {
    pending = undefined
    asked = performance.now()
    try {
      const found = await room.ask('attendance.list', {})
      if (over) return
      list.value = found
      failure.value = null
      now.value = Math.max(room.now(), found.at)
    } catch (error) {
      if (!over) failure.value = (error as Error).message
    }
  }

  function soon(): void {
    pending ??= setTimeout(() => void load(), Math.max(0, asked + EVERY_MS - performance.now()))
  }

  const off = room.onEvent('people.changed', soon)
  // After an outage, or with another role, what was missed is in the new list.
  watch(() => [room.status, room.generation], soon)
  const tick = setInterval(() => (now.value = room.now()), TICK_MS)
  soon()
  onScopeDispose(() => {
    over = true
    off()
    clearTimeout(pending)
    clearInterval(tick)
  })
  return { list, failure, now, retry: soon }
}
