import type { Occurrence, Plan } from '@/core/plans'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Below it the seconds are counted too: before that, a number that runs would only disturb. */
const CLOSE = 5 * MINUTE

const padded = (count: number) => String(count).padStart(2, '0')

/** "in 3 days", "in 2 h 10 min", "in 4:59", "live, 12 min left", or nothing when it is over. */
export function countdown(now: number, { start, end }: Occurrence): string {
  if (now >= end) return ''
  if (now >= start) return `live, ${lengthOf(end - now)} left`
  const left = start - now
  if (left <= CLOSE) {
    const seconds = Math.ceil(left / SECOND)
    return `in ${Math.floor(seconds / 60)}:${padded(seconds % 60)}`
  }
  return `in ${lengthOf(left)}`
}

/** A length of time in plain words, rounded up to the minute: nobody comes late because of it. */
export function lengthOf(span: number): string {
  const minutes = Math.ceil(span / MINUTE)
  if (span >= 2 * DAY) return `${Math.floor(span / DAY)} days`
  // Of what is tomorrow, minutes are too much.
  if (span > DAY) {
    const more = Math.ceil((span - DAY) / HOUR)
    return more === 24 ? '2 days' : `1 day ${more} h`
  }
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${minutes} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** The same, spelt out: for sentences. */
export function minutesSpoken(span: number): string {
  const minutes = Math.max(1, Math.ceil(span / MINUTE))
  return minutes === 1 ? 'one minute' : `${minutes} minutes`
}

/** How long it takes: "45 min", "1 h 30 min". */
export const durationOf = (minutes: number): string => lengthOf(minutes * MINUTE)

export const joinable = (plan: Plan, now: number): boolean =>
  plan.joinable_from !== null &&
  plan.joinable_until !== null &&
  now >= plan.joinable_from &&
  now < plan.joinable_until

/** Which time of which plan a banner was put away for. */
export const occasionOf = (plan: Plan): string => `${plan.id} ${plan.next?.start ?? 0}`

/** What the banner is about: the one that is to begin or going on, the soonest first; not what one does not attend. */
export function inBanner(plans: Plan[], now: number, away: readonly string[], here: string): Plan | null {
  const due = plans.filter(
    (plan) =>
      joinable(plan, now) &&
      plan.answer !== 'declined' &&
      plan.link !== here &&
      !away.includes(occasionOf(plan)),
  )
  return due.sort((a, b) => (a.next?.start ?? 0) - (b.next?.start ?? 0))[0] ?? null
}

/** "begins in 12 minutes", "begins in one minute", "has begun". */
export function bannerWords(plan: Plan, now: number): string {
  const start = plan.next?.start ?? 0
  return now < start ? `begins in ${minutesSpoken(start - now)}` : 'has begun'
}
