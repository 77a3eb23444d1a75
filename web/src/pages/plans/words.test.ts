import { beforeEach, expect, test } from 'vitest'
import { language } from '@/core/device'
import type { Told } from '@/core/notifications'
import type { Plan, Repeat } from '@/core/plans'
import { changesOf, draftOf, freshDraft, isDraft, repeatOf, timingOf, wishOf } from './draft'
import { repeatWords, weekdayOf } from './repeats'
import { answersSpoken, cancelWords, toldWords } from './words'
import { findZones, todaysName } from './zones'

beforeEach(() => {
  language.value = 'en-GB'
})
const repeat = (more: Partial<Repeat>): Repeat => ({
  every: 'week',
  interval: 1,
  weekdays: [],
  until: null,
  count: null,
  ...more,
})

test.each([
  [repeat({ weekdays: ['tue', 'thu'], until: '2027-03-30' }), 'Every week on Tue and Thu until 30 Mar 2027'],
  [repeat({ weekdays: ['thu', 'tue'] }), 'Every week on Tue and Thu'],
  [repeat({}), 'Every week on Wednesday'],
  [repeat({ interval: 2, count: 6 }), 'Every second week on Wednesday, 6 times'],
  [repeat({ weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'] }), 'Every week on weekdays'],
  [repeat({ weekdays: ['mon', 'tue', 'wed'] }), 'Every week on Mon, Tue and Wed'],
  [repeat({ every: 'day' }), 'Every day'],
  [repeat({ every: 'day', interval: 3, count: 1 }), 'Every 3 days, once'],
])('%j is %j', (what, words) => expect(repeatWords(what, '2027-03-03T09:00')).toBe(words))

test('the weekday of a date does not hang on where one is', () => {
  expect(weekdayOf('2027-03-03')).toBe('wed')
  expect(weekdayOf('2027-03-07')).toBe('sun')
  expect(weekdayOf('')).toBeUndefined()
})

test('answers are told as far as there are any', () => {
  expect(answersSpoken({ accepted: 3, tentative: 1, declined: 0, pending: 2 })).toBe(
    '3 yes, 1 maybe, 2 not answered',
  )
  expect(answersSpoken({ accepted: 0, tentative: 0, declined: 0, pending: 0 })).toBe('')
  expect(answersSpoken(null)).toBe('')
})

test('before cancelling it is said whom it is told', () => {
  const plan = { repeat: null, invitees: [], answers: null } as unknown as Plan
  expect(cancelWords(plan)).toBe(
    'Nobody is invited, so nobody will be told. The room closes once nobody is in it.',
  )
  const answers = { accepted: 1, tentative: 0, declined: 0, pending: 2 }
  expect(cancelWords({ ...plan, invitees: null, answers })).toBe(
    '3 people who are invited will be told. The room closes once nobody is in it.',
  )
  expect(
    cancelWords({ ...plan, repeat: repeat({}), answers: { ...answers, pending: 0 }, invitees: null }),
  ).toBe(
    'All its times are taken off. One person who is invited will be told. The room closes once nobody is in it.',
  )
})

test('a reminder that is read later does not claim that it is yet to begin', () => {
  const told = { kind: 'plan.reminder', start: 1_000_000, who: 'Ana' } as Told
  expect(toldWords(told, 1_000_000 - 5 * 60_000)).toBe('Begins in 5 minutes')
  expect(toldWords(told, 1_000_001)).toBe('Has begun')
  expect(toldWords({ ...told, kind: 'plan.created', who: '' }, 0)).toBe('Somebody invites you')
})

test('zones are found by city, by country, by old names, and without accents', () => {
  const zones = (search: string) => findZones(search, 0).map(({ zone }) => zone)
  expect(zones('new york')[0]).toBe('America/New_York')
  expect(zones('calcutta')).toContain('Asia/Kolkata')
  expect(zones('kyiv')).toContain('Europe/Kyiv')
  expect(zones('são paulo')).toContain('America/Sao_Paulo')
  expect(zones('berl')[0]).toBe('Europe/Berlin')
  expect(zones('xyzzy')).toEqual([])
  expect(zones('')).toContain('UTC')
  expect(todaysName('Asia/Calcutta')).toBe('Asia/Kolkata')
})

const NOW = Date.parse('2027-03-03T12:20Z')

test('a form says what it repeats only as far as it does', () => {
  const draft = { ...freshDraft(NOW), interval: '2', count: '6', weekdays: ['tue' as const] }
  expect(repeatOf(draft)).toBeNull()
  expect(repeatOf({ ...draft, every: 'day' })).toEqual(repeat({ every: 'day', interval: 2 }))
  expect(repeatOf({ ...draft, every: 'week', end: 'count' })).toEqual(
    repeat({ interval: 2, weekdays: ['tue'], count: 6 }),
  )
  expect(repeatOf({ ...draft, every: 'day', interval: 'many' })?.interval).toBe(0)
})
test('without a day there is no time', () => {
  expect(timingOf({ ...freshDraft(NOW), date: '' })).toBeNull()
  expect(timingOf({ ...freshDraft(NOW), every: 'day', end: 'until', until: '' })).toBeNull()
  expect(timingOf({ ...freshDraft(NOW), date: '2027-03-03', time: '09:00:00' })?.start).toBe(
    '2027-03-03T09:00',
  )
})

test('only what was changed is sent', () => {
  const before = { ...freshDraft(NOW), title: 'Weekly', zone: 'Europe/Berlin', activities: ['chat'] }
  const wish = (draft: typeof before) => wishOf(draft, timingOf(draft)!)
  expect(changesOf(before, wish({ ...before }))).toEqual({})
  expect(changesOf(before, wish({ ...before, title: 'Monthly' }))).toEqual({ title: 'Monthly' })
  expect(changesOf(before, wish({ ...before, every: 'day' }))).toEqual({ repeat: repeat({ every: 'day' }) })
  expect(changesOf({ ...before, every: 'day' }, wish(before))).toEqual({ repeat: null })
})

test('what was kept by another version of the page is not taken for a draft', () => {
  const draft = freshDraft(NOW)
  expect(isDraft(JSON.parse(JSON.stringify(draft)))).toBe(true)
  expect(isDraft({ ...draft, invitees: 'ben@example.org' })).toBe(false)
  expect(isDraft({ title: 'x' })).toBe(false)
  expect(isDraft(null)).toBe(false)
})
test('a plan comes back as the form that made it', () => {
  const wish = { title: 'Weekly', start: '2027-03-03T09:00', zone: 'Europe/Berlin', minutes: 45 }
  const plan = {
    ...wish,
    description: '',
    repeat: repeat({ weekdays: ['wed'], until: '2027-05-01' }),
    invitees: [{ email: 'ben@example.org', answer: 'pending', answered_at: null }],
    activities: ['chat'],
    admission: 'groups',
    groups: ['founders'],
    preset: 'meeting',
    theme: 'tide',
  } as unknown as Plan
  const draft = draftOf(plan)
  expect(wishOf(draft, timingOf(draft)!)).toMatchObject({
    ...wish,
    repeat: plan.repeat,
    invitees: ['ben@example.org'],
    groups: ['founders'],
  })
})
