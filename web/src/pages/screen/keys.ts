import { onScopeDispose, ref, type Ref } from 'vue'
import type { ScreenKey } from '@/features/feature'

/** So long the line of help stays after the last key or movement of the mouse. */
const HELP_MS = 6_000

/** The keys of the big screen. Any other key, and the mouse, shows which ones there are. */
export function useScreenKeys(keys: Readonly<Ref<ScreenKey[]>>) {
  const help = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  function remind(): void {
    help.value = true
    clearTimeout(timer)
    timer = setTimeout(() => (help.value = false), HELP_MS)
  }

  function down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const known = keys.value.find((key) => key.keys.includes(event.key))
    if (!known) return remind()
    event.preventDefault()
    // A key that is held down is one wish.
    if (!event.repeat) known.run()
  }

  window.addEventListener('keydown', down)
  window.addEventListener('pointermove', remind)
  onScopeDispose(() => {
    window.removeEventListener('keydown', down)
    window.removeEventListener('pointermove', remind)
    clearTimeout(timer)
  })
  remind()
  return { help }
}
