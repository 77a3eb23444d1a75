import { expect, test } from 'vitest'
import type { Told } from '@/core/notifications'
import { arrived } from './arrivals'

const told = (id: number, more: Partial<Told> = {}): Told =>
  ({ id, kind: 'plan.created', read_at: null, ...more }) as Told
const ids = (list: Told[]) => list.map(({ id }) => id)

test('what was there when the page came is not told again', () => {
  expect(arrived(null, [told(1)])).toEqual([])
  expect(arrived([told(2), told(1)], [told(2), told(1)])).toEqual([])
  expect(arrived([told(1)], null)).toEqual([])
})
test('what comes is told once, in its order', () => {
  expect(ids(arrived([told(1)], [told(3), told(2), told(1)]))).toEqual([2, 3])
  expect(ids(arrived([], [told(1)]))).toEqual([1])
})
test('reminders are told by the banner, and what was read elsewhere is known', () => {
  expect(arrived([], [told(2, { kind: 'plan.reminder' }), told(1, { read_at: 5 })])).toEqual([])
})
