import { beforeEach, describe, expect, test } from 'vitest'
import { language } from '@/core/device'
import { elsewhere, instantOf, nextHour, offsetAt, offsetWords, shownTime, spanOf, todayIn } from './times'

beforeEach(() => {
  language.value = 'en-GB'
})
const HOUR = 3_600_000
const BERLIN = 'Europe/Berlin'
const NEW_YORK = 'America/New_York'

test.each([
  [BERLIN, '2027-01-15T12:00Z', 60, 'UTC+1'],
  [BERLIN, '2027-07-15T12:00Z', 120, 'UTC+2'],
  [NEW_YORK, '2027-01-15T12:00Z', -300, 'UTC−5'],
  ['Asia/Kolkata', '2027-01-15T12:00Z', 330, 'UTC+5:30'],
  ['America/St_Johns', '2027-01-15T12:00Z', -210, 'UTC−3:30'],
  ['UTC', '2027-01-15T12:00Z', 0, 'UTC'],
])('%s at %s is %d minutes ahead: %s', (zone, at, minutes, words) => {
  expect(offsetAt(zone, Date.parse(at))).toBe(minutes)
  expect(offsetWords(minutes)).toBe(words)
})

describe('a clock that is changed', () => {
  test.each([
    ['2027-03-27T09:00', '2027-03-27T08:00Z'],
    ['2027-03-28T09:00', '2027-03-28T07:00Z'],
    // 02:30 is left out that night: taken with the offset before the change.
    ['2027-03-28T02:30', '2027-03-28T01:30Z'],
    // And 02:30 comes twice in autumn: the first.
    ['2027-10-31T02:30', '2027-10-31T00:30Z'],
    ['2027-10-31T03:00', '2027-10-31T02:00Z'],
  ])('in Berlin %s is %s', (local, moment) => expect(instantOf(local, BERLIN)).toBe(Date.parse(moment)))

  test('a weekly nine in New York is another time in Berlin for the weeks in which only one has changed', () => {
    const seen = ['2027-03-10', '2027-03-17', '2027-03-31'].map((day) =>
      spanOf(
        { start: instantOf(`${day}T09:00`, NEW_YORK), end: instantOf(`${day}T10:00`, NEW_YORK) },
        BERLIN,
      ),
    )
    expect(seen[0]).toMatch(/Wed.*10 Mar 2027.*15:00.16:00/)
    expect(seen[1]).toMatch(/Wed.*17 Mar 2027.*14:00.15:00/)
    expect(seen[2]).toMatch(/Wed.*31 Mar 2027.*15:00.16:00/)
  })
  test('an hour that is taken out or comes twice keeps its length', () => {
    const start = instantOf('2027-10-31T02:30', BERLIN)
    expect(spanOf({ start, end: start + HOUR }, BERLIN)).toMatch(
      /02:30.*CEST.*02:30.*CET|02:30.*GMT\+2.*02:30.*GMT\+1/,
    )
  })
})

describe('the time at the plan’s own place', () => {
  const at = instantOf('2027-01-15T09:00', NEW_YORK)
  test('is told where it is another one', () => {
    expect(elsewhere(at, NEW_YORK, BERLIN)).toBe('09:00 in New York')
  })
  test('with the day where it is another day', () => {
    expect(elsewhere(instantOf('2027-01-15T22:00', NEW_YORK), NEW_YORK, BERLIN)).toMatch(
      /Fri.* 15 Jan.*22:00 in New York/,
    )
  })
  test('is left out where clocks agree, whatever the zones are called', () => {
    expect(elsewhere(at, BERLIN, 'Europe/Oslo')).toBe('')
    expect(elsewhere(at, BERLIN, BERLIN)).toBe('')
  })
  test('agrees with another zone in winter and not in summer', () => {
    expect(elsewhere(instantOf('2027-01-15T09:00', 'Africa/Tunis'), 'Africa/Tunis', BERLIN)).toBe('')
    expect(elsewhere(instantOf('2027-07-15T09:00', 'Africa/Tunis'), 'Africa/Tunis', BERLIN)).toBe(
      '09:00 in Tunis',
    )
  })
})

test('a form begins with the next full hour of the clock in the zone', () => {
  expect(nextHour(Date.parse('2027-01-15T12:20Z'), BERLIN)).toEqual({ date: '2027-01-15', time: '14:00' })
  expect(nextHour(Date.parse('2027-01-15T12:20Z'), 'Asia/Kolkata')).toEqual({
    date: '2027-01-15',
    time: '18:00',
  })
  expect(nextHour(Date.parse('2027-12-31T22:59Z'), BERLIN)).toEqual({ date: '2028-01-01', time: '00:00' })
})
test('today is the day of the zone', () => {
  expect(todayIn(Date.parse('2027-01-15T23:30Z'), BERLIN)).toBe('2027-01-16')
  expect(todayIn(Date.parse('2027-01-15T23:30Z'), NEW_YORK)).toBe('2027-01-15')
})
test('of a plan the next time is shown, or the last, or when it would have been', () => {
  const plan = { next: null, last: null, start: '2027-01-15T09:00', zone: BERLIN, minutes: 60 }
  const would = Date.parse('2027-01-15T08:00Z')
  expect(shownTime(plan)).toEqual({ start: would, end: would + HOUR })
  expect(shownTime({ ...plan, last: { start: 1, end: 2 } })).toEqual({ start: 1, end: 2 })
  expect(shownTime({ ...plan, last: { start: 1, end: 2 }, next: { start: 3, end: 4 } })).toEqual({
    start: 3,
    end: 4,
  })
})
