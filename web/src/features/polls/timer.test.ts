import { createPinia } from 'pinia'
import { createApp, h, reactive, type App } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import PollTimer from './PollTimer.vue'

const SECOND = 1_000
let app: App

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  app.unmount()
  vi.useRealTimers()
})

function show(seconds: number) {
  const props = reactive({ until: Date.now() + seconds * SECOND })
  document.body.innerHTML = '<div id="here"></div>'
  app = createApp({ render: () => h(PollTimer, props) })
  app.use(createPinia()).mount('#here')
  return props
}
const timer = () => document.querySelector('[role=timer]')!
const said = () => document.querySelector('[aria-live]')!.textContent
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * SECOND)

it('[V3] counts to the deadline and says once that it is near', async () => {
  show(72)
  expect(timer().textContent).toContain('1:12')
  await pass(61.1)
  expect(timer().textContent).toContain('0:11')
  expect(timer().classList.contains('short')).toBe(false)
  expect(said()).toBe('')
  const heard = new Set<string | null>()
  for (let second = 0; second < 11; second += 1) {
    await pass(1)
    heard.add(said())
  }
  expect(timer().classList.contains('short')).toBe(true)
  expect([...heard]).toEqual(['Ten seconds left'])
  expect(timer().textContent).toContain('0:00')
})

it('[V3] is calm again when a host gives more time', async () => {
  const props = show(11)
  await pass(3)
  expect(said()).toBe('Ten seconds left')
  props.until += 60 * SECOND
  await pass(0.05)
  expect(timer().classList.contains('short')).toBe(false)
  expect(said()).toBe('')
  expect(timer().textContent).toContain('1:08')
})

it('[V3] tells those who come in the last moment nothing that is not so', async () => {
  show(5)
  expect(timer().classList.contains('short')).toBe(true)
  await pass(2)
  expect(said()).toBe('')
})
