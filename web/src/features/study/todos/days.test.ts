import { expect, it } from 'vitest'
import { dayText, daysUntil, today } from './days'

it('[S1] a day is told as near as it is', () => {
  const from = '2026-11-22'
  expect(daysUntil('2026-11-22', from)).toBe(0)
  expect(daysUntil('2027-03-29', '2027-03-27')).toBe(2)
  expect(['2026-11-21', '2026-11-22', '2026-11-23'].map((day) => dayText(day, from))).toEqual([
    'yesterday',
    'today',
    'tomorrow',
  ])
  expect(dayText('2026-11-25', from)).toContain('Wednesday')
  expect(dayText('2026-12-24', from)).not.toContain('2026')
  expect(dayText('2027-01-02', from)).toContain('2027')
  expect(today(new Date())).toMatch(/^\d{4}-\d\d-\d\d$/)
})
