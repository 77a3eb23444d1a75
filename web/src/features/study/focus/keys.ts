import { onScopeDispose } from 'vue'
import { focusKeys } from '../device'

export interface FocusKey {
  key: string
  /** As it is written beside what it does. */
  sign: string
  does: string
  run: () => void
}

/** Where a key is typed for its own sake. */
const TYPING =
  'input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"]:not(.focus-view)'

/** Single keys of the focus view, while they are switched on. Space and Enter stay the buttons' own where one has the focus. */
export function useFocusKeys(keys: () => FocusKey[], leave: () => void): void {
  function down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const target = event.target as HTMLElement | null
    if (target?.closest(TYPING)) return
    if (event.key === 'Escape') {
      event.preventDefault()
      return leave()
    }
    if (!focusKeys.value || event.repeat) return
    if (event.key === ' ' && target?.closest('button, a, summary, [role="button"]')) return
    const known = keys().find(({ key }) => key === event.key.toLowerCase())
    if (!known) return
    event.preventDefault()
    known.run()
  }
  window.addEventListener('keydown', down)
  onScopeDispose(() => window.removeEventListener('keydown', down))
}
