import { onScopeDispose } from 'vue'
import { callHideSelf, callKeys, callLayout, type CallLayout } from '@/core/device'
import { useCall, type Call } from './engine'
import { canFullScreen, openCallDialog, toggleFullScreen } from './view'

export interface CallKey {
  key: string
  sign: string
  does: string
  run: (call: Call) => unknown
}

const LAYOUTS: CallLayout[] = ['grid', 'speaker', 'sidebar']
const nextLayout = (): CallLayout => LAYOUTS[(LAYOUTS.indexOf(callLayout.value) + 1) % LAYOUTS.length]!

export const CALL_KEYS: CallKey[] = [
  {
    key: 'm',
    sign: 'M',
    does: 'Microphone on or off',
    run: (call) => call.setMicrophone(!call.own.microphone.on),
  },
  { key: 'c', sign: 'C', does: 'Camera on or off', run: (call) => call.setCamera(!call.own.camera.on) },
  {
    key: 's',
    sign: 'S',
    does: 'Share the screen, or stop',
    run: (call) => (call.own.screen.on ? call.stopScreen() : call.shareScreen()),
  },
  { key: 'h', sign: 'H', does: 'Raise the hand, or lower it', run: (call) => call.setHand(!call.own.hand) },
  { key: 'l', sign: 'L', does: 'The next layout', run: () => (callLayout.value = nextLayout()) },
  {
    key: 'i',
    sign: 'I',
    does: 'Hide yourself, or show',
    run: () => (callHideSelf.value = !callHideSelf.value),
  },
  { key: 'p', sign: 'P', does: 'People in the call', run: () => (openCallDialog.value = 'people') },
  { key: 'f', sign: 'F', does: 'Full screen', run: () => (canFullScreen() ? toggleFullScreen() : undefined) },
  { key: '?', sign: '?', does: 'These keys', run: () => (openCallDialog.value = 'keys') },
]

/** Where keys belong to what has the focus. */
const TYPING = 'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"]'
const OVERLAID = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [role="combobox"]'
const PRESSED_BY_SPACE =
  'button, a, summary, video, [role="button"], [role="tab"], [role="switch"], [role="slider"]'

/** Keys by which the focus moves, or what has it is pressed. */
const MOVING = new Set(['Tab', 'Enter', 'Escape', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'])

/** Whether a key is the call's: nobody writes, chooses in a menu, or reads a dialog. */
function isOurs(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false
  return !(event.target instanceof Element && event.target.closest(`${TYPING}, ${OVERLAID}`))
}

/**
 * Whether space presses what has the focus. It does for who got there by keys; a button that was pressed by a mouse has the
 * focus only by the way, and there space is to talk.
 */
function useSpaceTaken(): (event: KeyboardEvent) => boolean {
  let moving = false
  let byKeys = false
  const pointer = () => (moving = false)
  const key = (event: KeyboardEvent) => {
    if (MOVING.has(event.key)) moving = true
  }
  const focus = () => (byKeys = moving)
  document.addEventListener('pointerdown', pointer, { capture: true })
  document.addEventListener('keydown', key, { capture: true })
  document.addEventListener('focusin', focus)
  onScopeDispose(() => {
    document.removeEventListener('pointerdown', pointer, { capture: true })
    document.removeEventListener('keydown', key, { capture: true })
    document.removeEventListener('focusin', focus)
  })
  return ({ target }) => byKeys && target instanceof Element && target.closest(PRESSED_BY_SPACE) !== null
}

/** Keys of the call, for as long as one is in it. Space is held to talk. */
export function useCallKeys(): void {
  const call = useCall()
  const spaceTaken = useSpaceTaken()
  let talking = false

  function down(event: KeyboardEvent): void {
    if (!callKeys.value) return
    if (event.key === ' ') {
      if (!isOurs(event) || spaceTaken(event)) return
      // Else the page scrolls, or a button is pressed.
      event.preventDefault()
      if (!event.repeat) talk(true)
      return
    }
    if (event.repeat || !isOurs(event)) return
    const known = CALL_KEYS.find(({ key }) => key === event.key.toLowerCase())
    if (!known) return
    event.preventDefault()
    void known.run(call)
  }
  function talk(now: boolean): void {
    if (now === talking) return
    talking = now
    call.pushToTalk(now)
  }
  const release = () => talk(false)
  function up(event: KeyboardEvent): void {
    if (event.key !== ' ' || !talking) return
    event.preventDefault()
    release()
  }

  document.addEventListener('keydown', down)
  document.addEventListener('keyup', up)
  // A key that is let go in another window is let go.
  window.addEventListener('blur', release)
  document.addEventListener('visibilitychange', release)
  onScopeDispose(() => {
    document.removeEventListener('keydown', down)
    document.removeEventListener('keyup', up)
    window.removeEventListener('blur', release)
    document.removeEventListener('visibilitychange', release)
    release()
  })
}
