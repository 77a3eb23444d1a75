import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useStuck } from './stuck'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('says so after what is usual, and no longer than it is waited', async () => {
  const waiting = ref(true)
  const scope = effectScope()
  const stuck = scope.run(() => useStuck(waiting))!
  vi.advanceTimersByTime(11_999)
  expect(stuck.value).toBe(false)
  vi.advanceTimersByTime(1)
  expect(stuck.value).toBe(true)
  waiting.value = false
  await nextTick()
  expect(stuck.value).toBe(false)
  waiting.value = true
  await nextTick()
  vi.advanceTimersByTime(5_000)
  waiting.value = false
  await nextTick()
  vi.advanceTimersByTime(20_000)
  expect(stuck.value).toBe(false)
  scope.stop()
})
