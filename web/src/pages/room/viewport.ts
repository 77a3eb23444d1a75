import { onScopeDispose, ref, type CSSProperties } from 'vue'

/** What an on-screen keyboard takes at least; browsers' own bars take less. */
const KEYBOARD_LEAST = 150

/**
 * Keeps the frame within what can be seen while an on-screen keyboard is open. Most browsers shrink the page
 * (`interactive-widget` in index.html); iPhones lay the keyboard over it and only tell the visual viewport.
 */
export function useVisibleFrame() {
  const style = ref<CSSProperties>({})
  const keyboard = ref(false)
  const seen = window.visualViewport
  let fullHeight = window.innerHeight
  let width = window.innerWidth

  function measure(): void {
    // Zoomed in by two fingers: that is no keyboard.
    if (!seen || seen.scale > 1.05) return
    // Another width is a turned device; a keyboard changes the height only.
    fullHeight = width === window.innerWidth ? Math.max(fullHeight, window.innerHeight) : window.innerHeight
    width = window.innerWidth
    const covered = window.innerHeight - seen.height > KEYBOARD_LEAST
    keyboard.value = covered || fullHeight - window.innerHeight > KEYBOARD_LEAST
    style.value = covered
      ? {
          height: `calc(${seen.height}px - var(--top-bar, 0px))`,
          transform: `translateY(${seen.offsetTop}px)`,
        }
      : {}
  }
  seen?.addEventListener('resize', measure)
  seen?.addEventListener('scroll', measure)
  onScopeDispose(() => {
    seen?.removeEventListener('resize', measure)
    seen?.removeEventListener('scroll', measure)
  })
  return { style, keyboard }
}
