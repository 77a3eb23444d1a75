import { beforeEach, expect, test, vi } from 'vitest'
import { dismiss, hold, release, tell, toasts } from './toasts'

beforeEach(() => {
  vi.useFakeTimers()
  for (const toast of [...toasts]) dismiss(toast.id)
})

test('a toast goes by itself, an error later', () => {
  tell('Saved.')
  tell('That did not work.', { look: 'bad' })
  vi.advanceTimersByTime(5_000)
  expect(toasts.map(({ text }) => text)).toEqual(['That did not work.'])
  vi.advanceTimersByTime(4_000)
  expect(toasts).toEqual([])
})

test('it stays while somebody is on it', () => {
  tell('Saved.')
  hold(toasts[0]!.id)
  vi.advanceTimersByTime(60_000)
  expect(toasts).toHaveLength(1)
  release(toasts[0]!)
  vi.advanceTimersByTime(5_000)
  expect(toasts).toHaveLength(0)
})

test('the same words twice are one toast, and the oldest makes room', () => {
  for (const text of ['one', 'one', 'two', 'three', 'four']) tell(text)
  expect(toasts.map(({ text }) => text)).toEqual(['two', 'three', 'four'])
})
