import { locale } from '@/core/locale'
import { hours } from '../device'

/** The time zone of this browser. */
export const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** All zones that this browser knows, one's own and UTC first. */
export function zoneChoices(now: string): { value: string; label: string }[] {
  const rest = Intl.supportedValuesOf('timeZone')
  const all = [...new Set([now, hereZone(), 'UTC', ...rest])]
  return all.map((value) => ({
    value,
    label: value === hereZone() ? `${zoneName(value)} (here)` : zoneName(value),
  }))
}
export const zoneName = (zone: string): string => zone.replaceAll('_', ' ').replaceAll('/', ' · ')

/** Of 12 or 24 hours, as this device was told, or as is usual in the language of the page. */
export const hourShape = (): Intl.DateTimeFormatOptions =>
  hours.value === 'local'
    ? { hour: 'numeric', minute: '2-digit' }
    : hours.value === '12'
      ? { hour: 'numeric', minute: '2-digit', hourCycle: 'h12' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** What a clock shows at a moment, here or in another zone. */
export const clockText = (at: number, zone?: string): string =>
  new Intl.DateTimeFormat(locale.value, { ...hourShape(), ...(zone ? { timeZone: zone } : {}) }).format(at)

/** The day at a moment in a zone, as `YYYY-MM-DD`. */
export const dayIn = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at)
