import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, nextTick, type App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRoom } from '@/core/room'
import FloorSettings from './FloorSettings.vue'
import { floorState } from './fixtures'

describe('the settings of the queue', () => {
  let app: App
  let asked: unknown[]
  let room: ReturnType<typeof useRoom>

  beforeEach(() => {
    const pinia = createPinia()
    setActivePinia(pinia)
    room = useRoom()
    asked = []
    room.send = vi.fn((name: string, payload: object) => {
      asked.push([name, payload])
      return Promise.resolve({})
    })
    Object.assign(room.state, { floor: floorState() })
    document.body.innerHTML = '<div id="here"></div>'
    app = createApp({ render: () => h(FloorSettings) })
    app.use(pinia).mount('#here')
  })
  afterEach(() => app.unmount())

  const field = (label: string): HTMLInputElement => {
    const found = [...document.querySelectorAll('label')].find((one) => one.textContent?.includes(label))
    return document.getElementById(found!.htmlFor) as HTMLInputElement
  }
  async function type(label: string, text: string, left = true): Promise<void> {
    field(label).value = text
    field(label).dispatchEvent(new Event('input', { bubbles: true }))
    if (left) field(label).dispatchEvent(new Event('change', { bubbles: true }))
    await nextTick()
  }

  it('[F2] what is being typed in one field stays when the answer to the other comes', async () => {
    await type('Words at most', '5')
    expect(asked).toEqual([['floor.settings', { min_words: 1, max_words: 5 }]])
    await type('Words at least', '9', false)
    const { settings } = floorState()
    Object.assign(room.state, { floor: floorState({ settings: { ...settings, max_words: 5 } }) })
    await nextTick()
    expect(field('Words at least').value).toBe('9')
    await type('Words at least', '9')
    expect(document.body.textContent).toContain('At least cannot be more than at most.')
    expect(asked).toHaveLength(1)
  })

  it('[F2] what another host sets is shown', async () => {
    const { settings } = floorState()
    Object.assign(room.state, { floor: floorState({ settings: { ...settings, min_words: 3 } }) })
    await nextTick()
    expect(field('Words at least').value).toBe('3')
  })
})
