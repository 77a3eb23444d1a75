import { computed } from 'vue'
import { language } from './device'

export { language }

/** How dates and numbers are written: as the person chose, or else as the browser does. */
export const locale = computed(() => language.value || undefined)

const once = new Map<string, Intl.DateTimeFormat>()
function format(shape: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.value ?? ''} ${JSON.stringify(shape)}`
  let known = once.get(key)
  if (!known) once.set(key, (known = new Intl.DateTimeFormat(locale.value, shape)))
  return known
}

/** The time of day. */
export const clockOf = (at: number): string => format({ hour: 'numeric', minute: '2-digit' }).format(at)
export const dateOf = (at: number): string => format({ dateStyle: 'medium' }).format(at)
export const momentOf = (at: number): string => format({ dateStyle: 'medium', timeStyle: 'short' }).format(at)
export const numberOf = (count: number): string => count.toLocaleString(locale.value)
