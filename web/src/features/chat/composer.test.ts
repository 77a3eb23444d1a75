import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick, ref, type App } from 'vue'
import { useRoom } from '@/core/room'
import { provideActions, type Actions } from './actions'
import Composer from './Composer.vue'
import { message } from './fixtures'

let app: App
let actions: Actions
const peer = ref<string | null>(null)
const wait = ref(0)
const heard: string[] = []
const keep = vi.fn(() => 'id')
const send = vi.fn(() => Promise.resolve({}))

function mount(): HTMLTextAreaElement {
  const root = document.body.appendChild(document.createElement('div'))
  const pinia = createPinia()
  setActivePinia(pinia)
  const room = useRoom()
  Object.assign(room, { keep, send })
  room.state.people = {
    me: 'ada',
    hosts: null,
    people: ['ada', 'bob'].map((id, since) => ({
      id,
      name: id === 'bob' ? 'Bob Smith' : 'Ada',
      about: '',
      role: 'participant' as const,
      devices: [],
      picture: null,
      muted: false,
      since,
    })),
  }
  const Panel = defineComponent(() => {
    actions = provideActions(peer, () => undefined)
    return () =>
      h(Composer, {
        link: 'link',
        peer: peer.value,
        label: 'Message everyone',
        placeholder: 'Message everyone',
        wait: wait.value,
        onTyping: () => heard.push('typing'),
        onSent: () => heard.push('sent'),
        onEditLast: () => heard.push('editLast'),
      })
  })
  app = createApp(Panel)
  app.use(pinia).mount(root)
  return root.querySelector('textarea')!
}

async function type(field: HTMLTextAreaElement, text: string): Promise<void> {
  field.value = text
  field.setSelectionRange(text.length, text.length)
  field.dispatchEvent(new Event('input'))
  await nextTick()
}
async function press(field: HTMLElement, key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  field.dispatchEvent(event)
  await nextTick()
  await nextTick()
  return event
}

beforeEach(() => {
  sessionStorage.clear()
  heard.length = 0
  keep.mockClear()
  send.mockClear()
  peer.value = null
  wait.value = 0
})
afterEach(() => {
  app.unmount()
  document.body.replaceChildren()
})

describe('the composer', () => {
  it('[C1] Enter sends, Shift+Enter does not, and nothing is sent of nothing', async () => {
    const field = mount()
    await type(field, '  ')
    await press(field, 'Enter')
    expect(keep).not.toHaveBeenCalled()
    await type(field, ' hello ')
    expect((await press(field, 'Enter', { shiftKey: true })).defaultPrevented).toBe(false)
    await press(field, 'Enter', { isComposing: true })
    expect(keep).not.toHaveBeenCalled()
    await press(field, 'Enter')
    expect(keep).toHaveBeenCalledWith('chat.send', { body: 'hello' })
    expect(field.value).toBe('')
    expect(heard).toEqual(['typing', 'sent'])
  })

  it('[C2] answers, and Escape takes the answer back', async () => {
    const field = mount()
    actions.reply(message(3))
    await nextTick()
    await press(field, 'Escape')
    expect(actions.replying.value).toBeNull()
    actions.reply(message(3))
    await type(field, 'yes')
    await press(field, 'Enter')
    expect(keep).toHaveBeenCalledWith('chat.send', { body: 'yes', reply_to: 'm3' })
    expect(actions.replying.value).toBeNull()
  })

  it('[C2] Arrow up in an empty field edits the last one; what was begun comes back after it', async () => {
    const field = mount()
    await press(field, 'ArrowUp')
    expect(heard).toEqual(['editLast'])
    await type(field, 'begun')
    actions.edit(message(3))
    await nextTick()
    await nextTick()
    expect(field.value).toBe('Message 3')
    await type(field, 'better')
    await press(field, 'Enter')
    expect(send).toHaveBeenCalledWith('chat.edit', { message: 'm3', body: 'better' })
    await vi.waitFor(() => expect(field.value).toBe('begun'))
    expect(keep).not.toHaveBeenCalled()
  })

  it('[C2] completes names with the keyboard', async () => {
    const field = mount()
    await type(field, 'hi @smi')
    expect(document.querySelector('[role=option][aria-selected=true]')?.textContent).toContain('Bob Smith')
    await press(field, 'Tab')
    expect(field.value).toBe('hi @Bob Smith ')
    expect(document.querySelector('[role=option]')).toBeNull()
    await type(field, '@b')
    await press(field, 'Escape')
    expect(document.querySelector('[role=option]')).toBeNull()
    await press(field, 'Enter')
    expect(keep).toHaveBeenCalledWith('chat.send', { body: '@b' })
  })

  it('[C3] each conversation has its own draft, also after a reload', async () => {
    let field = mount()
    await type(field, 'for everyone')
    peer.value = 'bob'
    await nextTick()
    expect(field.value).toBe('')
    await type(field, 'for bob')
    await press(field, 'Enter')
    expect(keep).toHaveBeenCalledWith('chat.send', { body: 'for bob', peer: 'bob' })
    app.unmount()
    peer.value = null
    field = mount()
    expect(field.value).toBe('for everyone')
  })

  it('[C5] waits in slow mode, and keeps too long texts', async () => {
    wait.value = 7
    const field = mount()
    await type(field, 'soon')
    await press(field, 'Enter')
    expect(keep).not.toHaveBeenCalled()
    expect(field.value).toBe('soon')
    expect(document.querySelector('button[type=submit]')!.textContent).toContain('7')
    wait.value = 0
    await type(field, 'x'.repeat(4_003))
    expect(document.body.textContent).toContain('3 characters too long')
    await press(field, 'Enter')
    expect(keep).not.toHaveBeenCalled()
  })
})
