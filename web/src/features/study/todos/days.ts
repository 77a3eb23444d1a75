import { locale } from '@/core/locale'

const DAY_MS = 86_400_000

/** Today on this device's clock, as `YYYY-MM-DD`. */
export function today(now = new Date()): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** So many days until then; negative for what is over. */
export const daysUntil = (day: string, from = today()): number =>
  Math.round((Date.parse(`${day}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY_MS)

/** "today", "tomorrow", "Friday", "3 Mar", and "3 Mar 2031" in another year. */
export function dayText(day: string, from = today()): string {
  const days = daysUntil(day, from)
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  if (days === -1) return 'yesterday'
  const at = new Date(`${day}T12:00Z`)
  const shape: Intl.DateTimeFormatOptions =
    days > 1 && days < 7
      ? { weekday: 'long' }
      : {
          day: 'numeric',
          month: 'short',
          ...(day.slice(0, 4) === from.slice(0, 4) ? {} : { year: 'numeric' }),
        }
  return new Intl.DateTimeFormat(locale.value, { ...shape, timeZone: 'UTC' }).format(at)
}
