import type { AttendanceAttendee } from '@/contract'

export type Order = 'came' | 'name' | 'time'

export const ORDERS: { value: Order; label: string }[] = [
  { value: 'came', label: 'As they came' },
  { value: 'name', label: 'By name' },
  { value: 'time', label: 'Longest first' },
]

/** How long somebody was here by now: the list is as old as `at`, and whoever is connected goes on being here. */
export function timeOf(person: AttendanceAttendee, at: number, now: number): number {
  const goesOn = person.since !== null && !person.lost
  return person.total_ms + (goesOn ? Math.max(0, now - at) : 0)
}

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()

/** Those whose name has the text in it, in this order. */
export function listed(
  people: readonly AttendanceAttendee[],
  sought: string,
  order: Order,
): AttendanceAttendee[] {
  const text = plain(sought.trim())
  const found = people.filter(({ name }) => plain(name).includes(text))
  if (order === 'name') found.sort((a, b) => a.name.localeCompare(b.name))
  if (order === 'time') found.sort((a, b) => b.total_ms - a.total_ms || a.first_joined - b.first_joined)
  return found
}

/** 1:05:09, or 5:09 below an hour. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const two = (count: number) => String(count).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** Time zones to write a file in: this device's first. */
export function zones(): { value: string; label: string }[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  const all = new Set([here, 'UTC', ...Intl.supportedValuesOf('timeZone')])
  return [...all].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
}
