import { expect, it } from 'vitest'
import { sizeOf } from './sizes'
import { untilOf } from './until'

it('[P6] says sizes as people do', () => {
  expect([0, 999, 1000, 1_440_000, 123_400_000, 7e15].map(sizeOf)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '1.4 MB',
    '123 MB',
    '7,000 TB',
  ])
})

it('[P6] reads the time until which something is said', () => {
  expect(untilOf('')).toBeNull()
  expect(untilOf('2026-13-01T00:00')).toBeNull()
  expect(untilOf('2026-07-01T10:30')).toBe(new Date(2026, 6, 1, 10, 30).getTime())
})
