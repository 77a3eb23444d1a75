import { locale } from '@/core/locale'
import type { Repeat, Weekday } from '@/core/plans'

export const WEEKDAYS: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const NAMES: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}
export const weekdayName = (day: Weekday): string => NAMES[day]
export const weekdayShort = (day: Weekday): string => NAMES[day].slice(0, 3)

/** The weekday of a date that is written `YYYY-MM-DD`. */
export function weekdayOf(date: string): Weekday | undefined {
  const day = new Date(`${date.slice(0, 10)}T00:00:00Z`).getUTCDay()
  return Number.isNaN(day) ? undefined : WEEKDAYS[(day + 6) % 7]
}

function listed(words: string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

function rhythm(every: 'day' | 'week', interval: number): string {
  if (interval === 1) return `Every ${every}`
  return interval === 2 ? `Every second ${every}` : `Every ${interval} ${every}s`
}

function daysSpoken(days: Weekday[]): string {
  const inOrder = WEEKDAYS.filter((day) => days.includes(day))
  if (inOrder.length === 7) return ' on every day'
  if (inOrder.join() === 'mon,tue,wed,thu,fri') return ' on weekdays'
  const single = inOrder[0]
  if (inOrder.length === 1 && single) return ` on ${weekdayName(single)}`
  return inOrder.length ? ` on ${listed(inOrder.map(weekdayShort))}` : ''
}

function end(repeat: Repeat): string {
  if (repeat.until) {
    const day = new Date(`${repeat.until}T00:00:00Z`)
    if (Number.isNaN(day.getTime())) return ''
    return ` until ${new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeZone: 'UTC' }).format(day)}`
  }
  if (repeat.count === 1) return ', once'
  return repeat.count === null ? '' : `, ${repeat.count} times`
}

/** "Every week on Tue and Thu until 3 Mar 2027". `start` says the weekday where none was chosen. */
export function repeatWords(repeat: Repeat, start: string): string {
  const own = weekdayOf(start)
  const days = repeat.weekdays.length || !own ? repeat.weekdays : [own]
  return `${rhythm(repeat.every, repeat.interval)}${repeat.every === 'week' ? daysSpoken(days) : ''}${end(repeat)}`
}
