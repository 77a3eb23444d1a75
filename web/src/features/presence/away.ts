import { computed, onScopeDispose, ref, type Ref } from 'vue'
import { saidAway } from './levels'

/** Looking into another tab for a moment is not being away. */
const HIDDEN_MS = 10_000
const UNTOUCHED_MS = 5 * 60_000
/** Moving the pointer tells the same a thousand times. */
const NOTED_EVERY = 1_000
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Whether one is away on this page: it was hidden, or not touched for minutes, or the person has said so. */
export function useAway(): Readonly<Ref<boolean>> {
  const hidden = ref(false)
  const untouched = ref(false)
  let hiding: ReturnType<typeof setTimeout> | undefined
  let resting: ReturnType<typeof setTimeout> | undefined
  let noted = 0

  const rest = () => {
    clearTimeout(resting)
    resting = setTimeout(() => (untouched.value = true), UNTOUCHED_MS)
  }
  const touched = () => {
    if (!untouched.value && Date.now() - noted < NOTED_EVERY) return
    noted = Date.now()
    untouched.value = false
    rest()
  }
  const seen = () => {
    clearTimeout(hiding)
    if (document.visibilityState === 'hidden') {
      hiding = setTimeout(() => (hidden.value = true), HIDDEN_MS)
      return
    }
    hidden.value = false
    touched()
  }

  for (const kind of TOUCHES) window.addEventListener(kind, touched, { passive: true, capture: true })
  document.addEventListener('visibilitychange', seen)
  rest()
  seen()
  onScopeDispose(() => {
    clearTimeout(hiding)
    clearTimeout(resting)
    for (const kind of TOUCHES) window.removeEventListener(kind, touched, { capture: true })
    document.removeEventListener('visibilitychange', seen)
  })
  return computed(() => saidAway.value || hidden.value || untouched.value)
}
