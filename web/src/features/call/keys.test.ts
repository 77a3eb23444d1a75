import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'

const call = {
  own: { microphone: { on: false }, camera: { on: true }, screen: { on: false }, hand: false },
  setMicrophone: vi.fn(),
  setCamera: vi.fn(),
  shareScreen: vi.fn(),
  stopScreen: vi.fn(),
  setHand: vi.fn(),
  pushToTalk: vi.fn(),
}
vi.mock('./engine', () => ({ useCall: () => call }))
const { callKeys } = await import('@/core/device')
const { CALL_KEYS, useCallKeys } = await import('./keys')

let scope: EffectScope
beforeEach(() => {
  callKeys.value = true
  document.body.innerHTML = `<p id="text"></p><input id="field"><button id="button"></button>
    <div role="menu"><span id="entry" tabindex="0"></span></div>`
  scope = effectScope()
  scope.run(useCallKeys)
})
afterEach(() => {
  scope.stop()
  vi.clearAllMocks()
})
function press(id: string, key: string, more: KeyboardEventInit = {}, type = 'keydown'): KeyboardEvent {
  const event = new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...more })
  document.getElementById(id)!.dispatchEvent(event)
  return event
}

describe('keys of a call [M4]', () => {
  it('switches by single keys, each of which is its own', () => {
    expect(new Set(CALL_KEYS.map(({ key }) => key)).size).toBe(CALL_KEYS.length)
    press('text', 'm')
    expect(call.setMicrophone).toHaveBeenCalledWith(true)
    press('text', 'C')
    expect(call.setCamera).toHaveBeenCalledWith(false)
    press('button', 'h')
    expect(call.setHand).toHaveBeenCalledWith(true)
    press('text', 's')
    expect(call.shareScreen).toHaveBeenCalledOnce()
  })

  it('leaves keys to who writes, to menus, and to other programs', () => {
    press('field', 'm')
    press('entry', 'm')
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }])
      press('text', 'm', held)
    expect(call.setMicrophone).not.toHaveBeenCalled()
  })

  it('takes none when they are switched off (WCAG 2.1.4)', () => {
    callKeys.value = false
    press('text', 'm')
    press('text', ' ')
    expect(call.setMicrophone).not.toHaveBeenCalled()
    expect(call.pushToTalk).not.toHaveBeenCalled()
  })

  it('talks for as long as space is held, or the window is there', () => {
    expect(press('text', ' ').defaultPrevented).toBe(true)
    expect(press('text', ' ', { repeat: true }).defaultPrevented).toBe(true)
    expect(call.pushToTalk.mock.calls).toEqual([[true]])
    press('text', ' ', {}, 'keyup')
    expect(call.pushToTalk.mock.lastCall).toEqual([false])
    press('text', ' ')
    window.dispatchEvent(new Event('blur'))
    expect(call.pushToTalk.mock.lastCall).toEqual([false])
  })

  it('leaves space to a button that somebody got to by keys, not to one that a mouse has pressed', () => {
    const button = document.getElementById('button')!
    press('button', 'Tab')
    button.focus()
    expect(press('button', ' ').defaultPrevented).toBe(false)
    expect(call.pushToTalk).not.toHaveBeenCalled()
    button.blur()
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
    button.focus()
    expect(press('button', ' ').defaultPrevented).toBe(true)
    expect(call.pushToTalk.mock.lastCall).toEqual([true])
    expect(press('button', ' ', {}, 'keyup').defaultPrevented).toBe(true)
  })
})
