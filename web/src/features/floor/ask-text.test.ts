import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, nextTick, type App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import AskText from './AskText.vue'
import { floorState } from './fixtures'

describe('asking', () => {
  let app: App
  let room: ReturnType<typeof useRoom>
  let answer: () => Promise<unknown>

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 })
    sessionStorage.clear()
    const pinia = createPinia()
    setActivePinia(pinia)
    room = useRoom()
    answer = () => Promise.resolve({})
    room.send = vi.fn(() => answer()) as unknown as typeof room.send
    Object.assign(room.state, { floor: floorState() })
    document.body.innerHTML = '<div id="here"></div>'
    app = createApp({ render: () => h(AskText, { link: Math.random().toString(), before: 2 }) })
    app.use(pinia).mount('#here')
  })
  afterEach(() => {
    app.unmount()
    vi.useRealTimers()
  })

  const button = () => document.querySelector<HTMLButtonElement>('button[type=submit]')!
  const text = () => document.body.textContent
  async function write(words: string): Promise<void> {
    const area = document.querySelector('textarea')!
    area.value = words
    area.dispatchEvent(new Event('input'))
    await nextTick()
  }

  it('[F2] counts words, and sends nothing outside the limit', async () => {
    expect(text()).toContain('Up to 20 words')
    expect(button().disabled).toBe(true)
    await write('one two')
    expect(text()).toContain('2 of 20 words')
    expect(button().disabled).toBe(false)
    await write('word '.repeat(22))
    expect(text()).toContain('2 words too many')
    expect(button().disabled).toBe(true)
  })

  it('[F3] tells what happens next, and counts the pause down', async () => {
    expect(text()).toContain('You would be about 3rd in line.')
    Object.assign(room.state, {
      floor: floorState({ own: { waiting: [], voted: [], asked_at: Date.now() } }),
    })
    await write('again')
    expect(text()).toContain('You can ask again in 5 seconds.')
    expect(button().disabled).toBe(true)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(text()).toContain('Again in 3 s')
    await vi.advanceTimersByTimeAsync(3_100)
    expect(button().disabled).toBe(false)
  })

  it('[F4] says that a host looks at it first', async () => {
    const { settings } = floorState()
    Object.assign(room.state, { floor: floorState({ settings: { ...settings, approval: true } }) })
    await nextTick()
    expect(text()).toContain('A host looks at it first')
  })

  it('[F3] a refusal stands at the field, and the words stay', async () => {
    answer = () => Promise.reject(new Refused('queue_full', 'The queue is full.'))
    await write('one two')
    document.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }))
    await vi.advanceTimersByTimeAsync(1)
    expect(document.querySelector('[role=alert]')?.textContent).toContain('The queue is full.')
    expect(document.querySelector('textarea')!.value).toBe('one two')
  })
})
