const HOLD = 450
const SLIP = 10

/** A click comes this soon after the finger went up. */
const CLICK_WITHIN = 350

/** What a long press opens may lie under the finger: lifting it must press nothing there. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => {
    if ((event as Partial<PointerEvent>).pointerType === 'mouse') return
    event.preventDefault()
    event.stopPropagation()
  }
  const end = () => {
    removeEventListener('click', swallow, true)
    removeEventListener('pointerdown', end, true)
  }
  const lifted = () => {
    removeEventListener('pointerup', lifted, true)
    removeEventListener('pointercancel', lifted, true)
    setTimeout(end, CLICK_WITHIN)
  }
  addEventListener('click', swallow, true)
  // Once something else is pressed, a click is that one's.
  addEventListener('pointerdown', end, true)
  addEventListener('pointerup', lifted, true)
  addEventListener('pointercancel', lifted, true)
}

/** A long press of a finger, as handlers for an element. A mouse has its own ways. */
export function longPress(act: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let from = { x: 0, y: 0 }
  let held = false
  const cancel = () => clearTimeout(timer)
  return {
    pointerdown(event: PointerEvent): void {
      held = false
      cancel()
      if (event.pointerType === 'mouse') return
      from = { x: event.clientX, y: event.clientY }
      timer = setTimeout(() => {
        held = true
        swallowClick()
        ;(navigator as Partial<Navigator>).vibrate?.(12)
        act()
      }, HOLD)
    },
    pointermove(event: PointerEvent): void {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLIP) cancel()
    },
    pointerup: cancel,
    pointercancel: cancel,
    /** The system's own menu and the click that ends the press are not wanted as well. */
    contextmenu(event: Event): void {
      if (held) event.preventDefault()
    },
    wasHeld(): boolean {
      const was = held
      held = false
      return was
    },
  }
}
