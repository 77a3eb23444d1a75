import { onScopeDispose, ref, watchEffect, type Ref } from 'vue'
import { useRoom } from './room'

/** Whole seconds until a moment of the server's clock; 0 from then on. */
export function useCountdown(until: Ref<number>): Ref<number> {
  const room = useRoom()
  const left = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined

  function count(): void {
    clearTimeout(timer)
    const rest = until.value - room.now()
    left.value = Math.max(0, Math.ceil(rest / 1000))
    if (rest > 0) timer = setTimeout(count, (rest % 1000) + 20)
  }
  watchEffect(() => {
    void until.value
    count()
  })
  onScopeDispose(() => clearTimeout(timer))
  return left
}
