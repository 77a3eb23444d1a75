import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** A way that is to be found is found within a few seconds, also over a relay. */
const USUAL_MS = 12_000

/** Whether it has been waited for longer than it should take. */
export function useStuck(waiting: Ref<boolean>): Ref<boolean> {
  const stuck = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    waiting,
    (now) => {
      clearTimeout(timer)
      stuck.value = false
      if (now) timer = setTimeout(() => (stuck.value = true), USUAL_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return stuck
}
