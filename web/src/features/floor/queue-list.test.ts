import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, nextTick, shallowRef, type App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FloorItem } from '@/contract'
import { useRoom } from '@/core/room'
import { item } from './fixtures'
import QueueList from './QueueList.vue'

/** The list on a page, without a server: what it asks for is noted. */
describe('the queue in a host’s hands', () => {
  const line = shallowRef<FloorItem[]>([])
  let app: App
  let asked: unknown[]
  let settle: () => void

  beforeEach(() => {
    const pinia = createPinia()
    setActivePinia(pinia)
    line.value = [item(1, { pinned: true }), item(2), item(3), item(4)]
    asked = []
    const room = useRoom()
    room.send = vi.fn((name: string, payload: object) => {
      asked.push([name, payload])
      return new Promise((resolve) => (settle = () => resolve({})))
    }) as unknown as typeof room.send
    document.body.innerHTML = '<div id="here"></div>'
    app = createApp({ render: () => h(QueueList, { line: line.value, scroller: null }) })
    app.use(pinia).mount('#here')
  })
  afterEach(() => app.unmount())

  const order = () => [...document.querySelectorAll('[data-row]')].map((row) => row.getAttribute('data-row'))
  const handle = (id: string) => document.querySelector<HTMLElement>(`[data-row="${id}"] [data-handle]`)!
  const said = () => document.querySelector('[aria-live]')!.textContent
  async function press(id: string, ...keys: string[]): Promise<void> {
    for (const key of keys) {
      handle(id).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
      await nextTick()
    }
  }

  it('[F4] an item is lifted, carried and put down by keys, and told', async () => {
    await press('i4', ' ')
    expect(said()).toContain('Number 4, question 4 lifted, place 4 of 4')
    await press('i4', 'ArrowUp', 'ArrowUp')
    expect(said()).toContain('place 2 of 4')
    expect(asked).toEqual([])
    await press('i4', ' ')
    expect(asked).toEqual([['floor.move', { item: 'i4', after: 'i1' }]])
    expect(order()).toEqual(['i1', 'i4', 'i2', 'i3'])
  })

  it('[F4] pinned ones stay on top, and Escape puts nothing anywhere', async () => {
    await press('i3', 'Enter', 'Home')
    expect(said()).toContain('place 2 of 4')
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await nextTick()
    expect(said()).toContain('stays where it was')
    await press('i3', 'ArrowUp')
    expect(asked).toEqual([])
    expect(order()).toEqual(['i1', 'i2', 'i3', 'i4'])
  })

  it('[F4] it is shown where it was put until the server’s order comes', async () => {
    await press('i2', ' ', 'End', ' ')
    expect(order()).toEqual(['i1', 'i3', 'i4', 'i2'])
    // Another host was quicker with something else.
    line.value = [item(1, { pinned: true }), item(2), item(4, { place: 2500 }), item(3)]
    await nextTick()
    expect(order()).toEqual(['i1', 'i4', 'i2', 'i3'])
    settle()
    line.value = [item(1, { pinned: true }), item(4), item(3), item(2, { place: 9000 })]
    await nextTick()
    expect(order()).toEqual(['i1', 'i4', 'i3', 'i2'])
  })

  it('[F4] what goes while it is held is let go', async () => {
    await press('i2', ' ', 'ArrowDown')
    line.value = [item(1, { pinned: true }), item(3), item(4)]
    await nextTick()
    await nextTick()
    expect(said()).toContain('is gone')
    expect(asked).toEqual([])
  })
})
