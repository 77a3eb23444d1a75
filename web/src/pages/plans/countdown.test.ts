import { describe, expect, test } from 'vitest'
import type { Plan } from '@/core/plans'
import { bannerWords, countdown, durationOf, inBanner, joinable, occasionOf } from './countdown'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const START = Date.UTC(2027, 2, 3, 14)
const AT = { start: START, end: START + HOUR }

test.each([
  [3 * 24 * HOUR, 'in 3 days'],
  [48 * HOUR, 'in 2 days'],
  [47 * HOUR, 'in 1 day 23 h'],
  [47 * HOUR + 1, 'in 2 days'],
  [29 * HOUR - MINUTE, 'in 1 day 5 h'],
  [24 * HOUR, 'in 24 h'],
  [2 * HOUR + 10 * MINUTE, 'in 2 h 10 min'],
  // Rounded up: it is never told to be nearer than it is by the minute that is shown.
  [2 * HOUR + 9 * MINUTE + 1 * SECOND, 'in 2 h 10 min'],
  [HOUR, 'in 1 h'],
  [59 * MINUTE + 1, 'in 1 h'],
  [12 * MINUTE, 'in 12 min'],
  [5 * MINUTE + 1, 'in 6 min'],
  [5 * MINUTE, 'in 5:00'],
  [5 * MINUTE - SECOND, 'in 4:59'],
  [61 * SECOND, 'in 1:01'],
  [1, 'in 0:01'],
  [0, 'live, 1 h left'],
  [-48 * MINUTE, 'live, 12 min left'],
  [-HOUR + 1, 'live, 1 min left'],
  [-HOUR, ''],
])('%d ms before it begins: %j', (before, words) => expect(countdown(START - before, AT)).toBe(words))

test.each([
  [45, '45 min'],
  [60, '1 h'],
  [90, '1 h 30 min'],
  [1440, '24 h'],
])('%d minutes are %j', (minutes, words) => expect(durationOf(minutes)).toBe(words))

const plan = (more: Partial<Plan>): Plan =>
  ({
    id: 'a',
    title: 'Design review',
    link: 'link-a',
    answer: null,
    next: AT,
    joinable_from: START - 15 * MINUTE,
    joinable_until: START + HOUR,
    ...more,
  }) as Plan

describe('the banner', () => {
  const shown = (now: number, plans = [plan({})], away: string[] = [], here = '') =>
    inBanner(plans, now, away, here)?.id

  test('is there from 15 minutes before until the end, and not until the beginning', () => {
    expect(shown(START - 15 * MINUTE - 1)).toBeUndefined()
    expect(shown(START - 15 * MINUTE)).toBe('a')
    expect(shown(START)).toBe('a')
    expect(shown(START + HOUR - 1)).toBe('a')
    expect(shown(START + HOUR)).toBeUndefined()
    expect(joinable(plan({ joinable_from: null, joinable_until: null }), START)).toBe(false)
  })
  test('is put away for one time only', () => {
    const away = [occasionOf(plan({}))]
    expect(shown(START, [plan({})], away)).toBeUndefined()
    const week = 7 * 24 * HOUR
    const later = plan({
      next: { start: START + week, end: START + week + HOUR },
      joinable_from: START + week - 15 * MINUTE,
      joinable_until: START + week + HOUR,
    })
    expect(shown(START + week, [later], away)).toBe('a')
  })
  test('is not there for what one declined, nor in the room itself', () => {
    expect(shown(START, [plan({ answer: 'declined' })])).toBeUndefined()
    expect(shown(START, [plan({ answer: 'tentative' })])).toBe('a')
    expect(shown(START, [plan({})], [], 'link-a')).toBeUndefined()
    expect(shown(START, [plan({})], [], 'link-b')).toBe('a')
  })
  test('tells of the soonest of several', () => {
    const other = plan({ id: 'b', next: { start: START - 5 * MINUTE, end: START + HOUR } })
    expect(shown(START - 10 * MINUTE, [plan({}), other])).toBe('b')
  })
  test.each([
    [12 * MINUTE, 'begins in 12 minutes'],
    [11 * MINUTE + 1, 'begins in 12 minutes'],
    [60 * SECOND, 'begins in one minute'],
    [1, 'begins in one minute'],
    [0, 'has begun'],
  ])('%d ms before: %j', (before, words) => expect(bannerWords(plan({}), START - before)).toBe(words))
})
