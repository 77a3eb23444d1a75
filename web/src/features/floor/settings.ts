import type { FloorSettings } from '@/contract'
import { spoken } from './cooldown'

export const ORDERS: { value: FloorSettings['order']; label: string }[] = [
  { value: 'came', label: 'As they came' },
  { value: 'first_timers', label: 'First-timers first' },
  { value: 'upvoted', label: 'Most upvoted' },
]

/** The usual ones, and the one that is set: a bot may have chosen any. */
const choices = (usual: number[], now: number, label: (value: number) => string) =>
  [...new Set([...usual, now])].sort((a, b) => a - b).map((value) => ({ value, label: label(value) }))

export const openChoices = (now: number) =>
  choices([1, 2, 3, 5, 10], now, (many) => (many === 1 ? 'One' : many.toLocaleString()))

export const pauseChoices = (now: number) =>
  choices([0, 5, 15, 30, 60, 300, 900], now, (seconds) =>
    seconds === 0 ? 'None' : spoken(seconds).replace(/^an? /, '1 '),
  )

/** What was typed as so many words; undefined when that cannot be. */
export function wordsFrom(typed: string): number | undefined {
  const number = /^\s*\d{1,3}\s*$/.test(typed) ? Number(typed) : NaN
  return number >= 1 && number <= 200 ? number : undefined
}
