import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useDue, type Due } from './due'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Without a worker, as in browsers that have none. */
function begin(ahead = 0) {
  const fired: string[] = []
  const due = useDue<Due>(
    () => Date.now() + ahead,
    ({ key }) => fired.push(key),
  )
  return { ...due, fired, at: (ms: number) => Date.now() + ahead + ms }
}

it('[S2] [S3] rings at the moment by the server’s clock, once, and not what was taken away', () => {
  const { follow, fired, at } = begin(86_400_000)
  const [early, late, gone] = [
    { key: 'early', at: at(1_000) },
    { key: 'late', at: at(60_000) },
    { key: 'gone', at: at(2_000) },
  ]
  follow([early, late, gone])
  vi.advanceTimersByTime(999)
  expect(fired).toEqual([])
  vi.advanceTimersByTime(2)
  expect(fired).toEqual(['early'])
  follow([late])
  vi.advanceTimersByTime(58_000)
  expect(fired).toEqual(['early'])
  vi.advanceTimersByTime(2_000)
  expect(fired).toEqual(['early', 'late'])
})

it('[S3] what is more than a timer away rings as well', () => {
  const { follow, fired, at } = begin()
  const days = 40 * 86_400_000
  follow([{ key: 'far', at: at(days) }])
  vi.advanceTimersByTime(days - 1000)
  expect(fired).toEqual([])
  vi.advanceTimersByTime(2000)
  expect(fired).toEqual(['far'])
})
