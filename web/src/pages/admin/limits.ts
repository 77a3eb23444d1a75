import type { Limits } from '@/core/site-admin'

export type NumberName = 'largest_room' | 'rooms_per_hour' | 'sign_ups_per_hour'

/** What administrators type as numbers. */
export const NUMBERS: {
  name: NumberName
  label: string
  hint: string
  placeholder?: string
  most: number
}[] = [
  {
    name: 'largest_room',
    label: 'People in a room at most',
    hint: 'Whatever its hosts say. Who is inside already stays. Empty is as configured.',
    placeholder: 'As many as come',
    most: 10_000,
  },
  {
    name: 'rooms_per_hour',
    label: 'New rooms an hour',
    hint: 'For each client network: a school may share one address.',
    most: 1_000_000,
  },
  {
    name: 'sign_ups_per_hour',
    label: 'New accounts an hour',
    hint: 'For each client network.',
    most: 1_000_000,
  },
]

/** What was changed, and what is no number. An empty field is as it was configured. */
export function numbersFrom(
  texts: Readonly<Record<NumberName, string>>,
  now: Limits,
): { orders: Partial<Record<NumberName, number | null>>; wrong: Partial<Record<string, string>> } {
  const orders: Partial<Record<NumberName, number | null>> = {}
  const wrong: Partial<Record<string, string>> = {}
  for (const { name, most } of NUMBERS) {
    const text = texts[name].trim()
    const value = text === '' ? null : /^\d+$/.test(text) ? Number(text) : NaN
    if (value !== null && !(value >= 1 && value <= most))
      wrong[name] = `A number from 1 to ${most.toLocaleString('en')}.`
    else if (value !== now[name]) orders[name] = value
  }
  return { orders, wrong }
}

/** What else holds, in words. */
export const FIXED: { name: string; title: string; unit: string }[] = [
  { name: 'idle_minutes', title: 'An empty room closes after', unit: 'minutes' },
  { name: 'presence_grace_seconds', title: 'A lost connection keeps its place for', unit: 'seconds' },
  { name: 'session_days', title: 'A session that is not used ends after', unit: 'days' },
  { name: 'session_max_days', title: 'Any session ends after', unit: 'days' },
  { name: 'sessions_per_hour', title: 'New sessions from one network', unit: 'an hour' },
  { name: 'sign_ins_per_hour', title: 'Attempts to sign in from one network', unit: 'an hour' },
  { name: 'account_sign_ins_per_hour', title: 'Attempts to sign in to one account', unit: 'an hour' },
  { name: 'pin_wrong_guesses_per_hour', title: 'Wrong PINs on the whole server', unit: 'an hour' },
  { name: 'pin_wrong_guesses_per_network', title: 'Wrong PINs from one network', unit: 'an hour' },
  { name: 'commands_per_second', title: 'Requests of one connection', unit: 'a second' },
  { name: 'person_commands_per_second', title: 'Requests of one person', unit: 'a second' },
  { name: 'room_commands_per_second', title: 'Requests in one room', unit: 'a second' },
  { name: 'log_events', title: 'Events kept for coming back', unit: 'in each stream' },
  { name: 'receipt_hours', title: 'Answers kept for repeats', unit: 'hours' },
  { name: 'audit_days', title: 'The audit list goes back', unit: 'days' },
]
