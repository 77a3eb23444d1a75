import { computed } from 'vue'
import { locale } from '@/core/locale'
import type { Occurrence } from '@/core/plans'

/** The time zone of this browser. */
export const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

const known = new Map<string, Intl.DateTimeFormat>()
function format(shape: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale.value, shape])
  let found = known.get(key)
  if (!found) known.set(key, (found = new Intl.DateTimeFormat(locale.value, shape)))
  return found
}

const DAY = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const
/** "09:00" where days have 24 hours, and "9:00 AM" where they have twice twelve. */
const CLOCK = () => ({ hour: twelves.value ? 'numeric' : '2-digit', minute: '2-digit' }) as const
const twelves = computed(
  () => new Intl.DateTimeFormat(locale.value, { hour: 'numeric' }).resolvedOptions().hour12 === true,
)

/** From when until when, on a clock in the zone: "Tue, 3 Mar 2026, 15:00 – 16:00". */
export function spanOf({ start, end }: Occurrence, zone = hereZone()): string {
  // Where clocks are changed in between, two times may look like one: then each is told with its zone's name.
  if (offsetAt(zone, start) !== offsetAt(zone, end)) {
    const clock = format({ ...CLOCK(), timeZone: zone, timeZoneName: 'short' })
    return `${dayOf(start, zone)}, ${clock.format(start)} – ${clock.format(end)}`
  }
  return format({ ...DAY, ...CLOCK(), timeZone: zone }).formatRange(start, end)
}
export const dayOf = (at: number, zone = hereZone()): string => format({ ...DAY, timeZone: zone }).format(at)
export const clockOf = (at: number, zone = hereZone()): string =>
  format({ ...CLOCK(), timeZone: zone }).format(at)
/** "Tue, 15:00": for what is near. */
export const shortOf = (at: number, zone = hereZone()): string =>
  format({ weekday: 'short', day: 'numeric', month: 'short', ...CLOCK(), timeZone: zone }).format(at)

const arithmetic = new Map<string, Intl.DateTimeFormat>()

/** How far a clock in the zone is ahead of UTC at a moment, in minutes. */
export function offsetAt(zone: string, at: number): number {
  let clock = arithmetic.get(zone)
  if (!clock) {
    // Always in English digits: this is not for reading.
    const shape = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    } as const
    arithmetic.set(zone, (clock = new Intl.DateTimeFormat('en-US-u-hc-h23', { timeZone: zone, ...shape })))
  }
  const parts = clock.formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value ?? 0)
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  return Math.round((shown - at) / 60_000)
}

/** "UTC+1", "UTC−3:30". */
export function offsetWords(minutes: number): string {
  if (minutes === 0) return 'UTC'
  const size = Math.abs(minutes)
  const rest = size % 60
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** The city that a zone is named after: "New York". */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/**
 * What a clock in the plan's own zone shows, when that is another time than here: "09:00 in New York", with the day
 * where it is another day. Zones of other names may well agree, and those of two countries agree for a part of the year.
 */
export function elsewhere(start: number, zone: string, here = hereZone()): string {
  if (zone === here || offsetAt(zone, start) === offsetAt(here, start)) return ''
  const another = dayOf(start, zone) !== dayOf(start, here)
  const clock = another ? shortOf(start, zone) : clockOf(start, zone)
  return zone === 'UTC' ? `${clock} UTC` : `${clock} in ${cityOf(zone)}`
}

/** Today, and a little later than now: what a form begins with. As a clock in the zone shows it. */
export function nextHour(now: number, zone: string): { date: string; time: string } {
  const hour = 3_600_000
  const offset = offsetAt(zone, now) * 60_000
  // The full hour of that clock, which in some zones is no full hour of UTC.
  const at = Math.ceil((now + offset + 1) / hour) * hour
  const text = new Date(at).toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 16) }
}

/** Today on a clock in the zone, as `YYYY-MM-DD`. */
export const todayIn = (now: number, zone: string): string =>
  new Date(now + offsetAt(zone, now) * 60_000).toISOString().slice(0, 10)

/**
 * The moment at which a clock in the zone shows a time, written `YYYY-MM-DDTHH:MM`. As at the server: one that a change
 * of clocks leaves out is taken with the offset before the change, of one that comes twice the first is meant.
 */
export function instantOf(local: string, zone: string): number {
  const asUtc = Date.parse(`${local}:00Z`)
  const day = 86_400_000
  const before = asUtc - offsetAt(zone, asUtc - day) * 60_000
  const after = asUtc - offsetAt(zone, asUtc + day) * 60_000
  const fits = (at: number) => at + offsetAt(zone, at) * 60_000 === asUtc
  const found = [before, after].filter(fits)
  return found.length ? Math.min(...found) : before
}

/** The time that a row tells of a plan: the next, or else the last; of one that was cancelled, when it would have been. */
export function shownTime(plan: {
  next: Occurrence | null
  last: Occurrence | null
  start: string
  zone: string
  minutes: number
}): Occurrence {
  const start = instantOf(plan.start, plan.zone)
  return plan.next ?? plan.last ?? { start, end: start + plan.minutes * 60_000 }
}
