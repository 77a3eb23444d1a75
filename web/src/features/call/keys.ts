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

/** Whether a key is the call's: nobody writes, chooses in a menu, or reads a dialog. */
export function isOurs(event: KeyboardEvent, space: boolean): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(`${TYPING}, ${OVERLAID}`)) return false
  return !(space && target?.closest(PRESSED_BY_SPACE))
}

/** Keys of the call, for as long as one is in it. Space is held to talk. */
export function useCallKeys(): void {
  const call = useCall()

  function down(event: KeyboardEvent): void {
    if (!callKeys.value) return
    if (event.key === ' ') {
      if (!isOurs(event, true)) return
      // Else the page scrolls.
      event.preventDefault()
      if (!event.repeat) call.pushToTalk(true)
      return
    }
    if (event.repeat || !isOurs(event, false)) return
    const known = CALL_KEYS.find(({ key }) => key === event.key.toLowerCase())
    if (!known) return
    event.preventDefault()
    void known.run(call)
  }
  const release = () => call.pushToTalk(false)
  const up = (event: KeyboardEvent) => event.key === ' ' && release()

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
