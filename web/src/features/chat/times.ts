/** Words in the page's language; the clock as the reader's device shows it. */
const words = document.documentElement.lang || undefined
const weekday = new Intl.DateTimeFormat(words, { weekday: 'long' })
const date = new Intl.DateTimeFormat(words, { day: 'numeric', month: 'long' })
const dateOfYear = new Intl.DateTimeFormat(words, { day: 'numeric', month: 'long', year: 'numeric' })
const whole = new Intl.DateTimeFormat(words, { dateStyle: 'full', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat(words, { numeric: 'auto' })

export { clockOf as timeOf } from '@/core/locale'
export const wholeTime = (at: number): string => whole.format(at)

/** "Today", "yesterday", a weekday within the week, a date before it. */
export function dayName(at: number, now = Date.now()): string {
  const midnight = (of: number) => new Date(of).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000)
  if (days >= -1 && days <= 0) return capital(relative.format(days, 'day'))
  if (days > -7 && days < 0) return weekday.format(at)
  return (new Date(at).getFullYear() === new Date(now).getFullYear() ? date : dateOfYear).format(at)
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}
