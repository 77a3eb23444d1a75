import { numberOf } from '@/core/locale'

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** So many bytes as people say it: 1.4 MB. */
export function sizeOf(bytes: number): string {
  if (bytes === 1) return '1 byte'
  let unit = 0
  let rest = bytes
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000
    unit += 1
  }
  const rounded = unit === 0 || rest >= 100 ? Math.round(rest) : Math.round(rest * 10) / 10
  return `${numberOf(rounded)} ${UNITS[unit]}`
}
