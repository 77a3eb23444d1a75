import type { StudyLengths, StudyTimer } from '@/contract'

export type Phase = StudyTimer['phase']
export const PHASES: Record<Phase, string> = { focus: 'Focus', short: 'Short break', long: 'Long break' }

/** Milliseconds that are left. A running one whose end has come stands at nothing until the server says what is next. */
export const remaining = ({ ends_at, remaining_ms }: StudyTimer, now: number): number =>
  ends_at === null ? (remaining_ms ?? 0) : Math.max(0, ends_at - now)

/** Whole seconds as a clock shows them: 0 is shown when the time is up and not before. */
export const secondsLeft = (ms: number): number => Math.ceil(ms / 1000)

/** How long until another second is shown. */
export const untilNext = (ms: number): number => (ms <= 0 ? Infinity : ms % 1000 || 1000)

const two = (part: number) => String(part).padStart(2, '0')

/** "25:00", and "1:05:00" from an hour on. */
export function digits(seconds: number): string {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

const many = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

/** "25 minutes", "1 hour 5 minutes", "2 minutes 30 seconds": to be read out. */
export function spoken(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ]
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => many(count, word))
  return said.slice(0, 2).join(' ') || '0 seconds'
}

/** "2 h 5 min", "45 min": for statistics. */
export function shortSpan(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** "3 minutes ago" for what was due some time ago. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${many(seconds, 'second')} ago`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${many(minutes, 'minute')} ago`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${many(hours, 'hour')} ago` : `${many(Math.round(hours / 24), 'day')} ago`
}

/** What comes after a phase, with so many phases of work behind. */
export function phaseAfter({
  phase,
  cycle,
  lengths,
}: Pick<StudyTimer, 'phase' | 'cycle' | 'lengths'>): Phase {
  if (!lengths.breaks || phase !== 'focus') return 'focus'
  return cycle + 1 >= lengths.cycles ? 'long' : 'short'
}

/** How many phases of work of a round are done, and which one it is: what the dots under the ring show. */
export function dotsOf({ phase, cycle, lengths }: StudyTimer): ('done' | 'now' | 'ahead')[] {
  if (!lengths.breaks || lengths.cycles < 2) return []
  return Array.from({ length: lengths.cycles }, (_, n) => {
    if (n < cycle) return 'done'
    return n === cycle && phase === 'focus' ? 'now' : 'ahead'
  })
}

export const MOST_MS = 24 * 3600 * 1000

/** Minutes and seconds as they were typed; undefined when they are no length that can be. */
export function lengthFrom(minutes: string, seconds: string): number | undefined {
  const [m, s] = [minutes, seconds].map((text) => (text.trim() === '' ? 0 : Number(text.trim())))
  if (![m, s].every((part) => Number.isInteger(part) && part! >= 0) || s! > 59) return undefined
  const ms = (m! * 60 + s!) * 1000
  return ms >= 1000 && ms <= MOST_MS ? ms : undefined
}

export const LENGTH_KEYS = {
  focus: 'focus_ms',
  short: 'short_ms',
  long: 'long_ms',
} as const satisfies Record<Phase, keyof StudyLengths>
