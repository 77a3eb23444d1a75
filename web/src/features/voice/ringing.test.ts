import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { play } from '@/design/sounds'
import { useRinging } from './ringing'

vi.mock('@/design/sounds', () => ({ play: vi.fn() }))
const vibrate = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  vi.stubGlobal('navigator', { vibrate })
  document.title = 'Stage · Salon'
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('[F6] sounds, shakes and calls from the title until it is answered', async () => {
  const on = ref(true)
  const scope = effectScope()
  scope.run(() => useRinging(on, () => 'You are on'))
  expect(document.title).toBe('You are on')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(document.title).toBe('Stage · Salon')
  // The room gets another name while it rings.
  document.title = 'Hall · Salon'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(document.title).toBe('You are on')
  await vi.advanceTimersByTimeAsync(2_000)
  expect(play).toHaveBeenCalledTimes(3)
  expect(play).toHaveBeenCalledWith('ring')
  expect(vibrate).toHaveBeenCalledTimes(3)
  on.value = false
  await nextTick()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(document.title).toBe('Hall · Salon')
  expect(play).toHaveBeenCalledTimes(3)
  expect(vibrate).toHaveBeenLastCalledWith(0)
  scope.stop()
})

it('[F6] is silent when the page goes from the room', () => {
  const scope = effectScope()
  scope.run(() => useRinging(ref(true), () => 'You are on'))
  scope.stop()
  expect(document.title).toBe('Stage · Salon')
  vi.advanceTimersByTime(10_000)
  expect(play).toHaveBeenCalledTimes(1)
})
