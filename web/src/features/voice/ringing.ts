import { onScopeDispose, watch, type Ref } from 'vue'
import { notify } from '@/design/notify'
import { play } from '@/design/sounds'

const EVERY_MS = 2_000
const TITLE_MS = 1_000
const SHAKES = [280, 120, 280]

/** The page's title takes turns with a call to come here, and is itself again afterwards, also if it has changed meanwhile. */
function flashTitle(text: string): () => void {
  let own = document.title
  const flash = () => {
    if (document.title === text) document.title = own
    else {
      own = document.title
      document.title = text
    }
  }
  flash()
  const timer = setInterval(flash, TITLE_MS)
  return () => {
    clearInterval(timer)
    if (document.title === text) document.title = own
  }
}

function shake(pattern: number[] | 0): void {
  // Missing on Apple's phones; refused before the first tap.
  if (typeof (navigator as Partial<Navigator>).vibrate === 'function') navigator.vibrate(pattern)
}

/** Rings as long as it is on: sound, vibration, title, and a notification for a page that is out of sight. */
export function useRinging(on: Ref<boolean>, title: () => string): void {
  let stop: (() => void) | undefined

  function begin(): void {
    const once = () => {
      play('ring')
      shake(SHAKES)
    }
    once()
    const timer = setInterval(once, EVERY_MS)
    const calm = flashTitle(title())
    notify(title(), 'Press Talk: the hall hears you then.', 'voice')
    stop = () => {
      clearInterval(timer)
      calm()
      shake(0)
    }
  }
  const end = () => {
    stop?.()
    stop = undefined
  }
  watch(on, (now) => (now ? begin() : end()), { immediate: true })
  onScopeDispose(end)
}
