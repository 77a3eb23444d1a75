import { ref, watch, type Ref } from 'vue'
import { useRoom } from '@/core/room'

/** Shorter cuts are over before anybody needs to know. */
const QUIET_MS = 900

/** Whether the connection has been gone for long enough to say so. */
export function useLost(): Readonly<Ref<boolean>> {
  const room = useRoom()
  const lost = ref(false)
  watch(
    () => room.status === 'reconnecting',
    (now, _before, onCleanup) => {
      lost.value = false
      if (!now) return
      const clock = setTimeout(() => (lost.value = true), QUIET_MS)
      onCleanup(() => clearTimeout(clock))
    },
    { immediate: true },
  )
  return lost
}
