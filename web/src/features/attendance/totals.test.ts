import { expect, it } from 'vitest'
import type { AttendanceAttendee } from '@/contract'
import { clock, listed, timeOf, zones } from './totals'

const person = (name: string, more: Partial<AttendanceAttendee> = {}): AttendanceAttendee => ({
  person: name,
  name,
  devices: [],
  stays: 1,
  first_joined: 0,
  last_left: null,
  since: 0,
  lost: false,
  total_ms: 1000,
  ...more,
})

it('[R11] goes on counting for those who are here', () => {
  expect(timeOf(person('Ana'), 5000, 7500)).toBe(3500)
  expect(timeOf(person('Ana', { lost: true }), 5000, 7500)).toBe(1000)
  expect(timeOf(person('Ana', { since: null }), 5000, 7500)).toBe(1000)
  expect(timeOf(person('Ana'), 5000, 4000)).toBe(1000)
})

it('[R11] finds and sorts', () => {
  const people = [
    person('Zoë', { total_ms: 5 }),
    person('Ana', { total_ms: 9 }),
    person('Ben', { total_ms: 9 }),
  ]
  const names = (...asked: [string, Parameters<typeof listed>[2]]) =>
    listed(people, ...asked).map(({ name }) => name)
  expect(names('', 'came')).toEqual(['Zoë', 'Ana', 'Ben'])
  expect(names('', 'name')).toEqual(['Ana', 'Ben', 'Zoë'])
  expect(names('', 'time')).toEqual(['Ana', 'Ben', 'Zoë'])
  expect(names(' ZOE ', 'came')).toEqual(['Zoë'])
})

it('[R11] tells how long', () => {
  expect([clock(0), clock(69_900), clock(3_725_000), clock(90_000_000)]).toEqual([
    '0:00',
    '1:09',
    '1:02:05',
    '25:00:00',
  ])
})

it('[R11] knows each zone once', () => {
  const names = zones().map(({ value }) => value)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('Europe/Berlin')
})
