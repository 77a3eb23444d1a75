import type { FilesSettings } from '@/contract'

export const UPLOADERS: { value: FilesSettings['uploads']; label: string }[] = [
  { value: 'owner', label: 'The owner alone' },
  { value: 'hosts', label: 'Hosts' },
  { value: 'everyone', label: 'Everyone' },
]

const CHOICES: [number, string][] = [
  [60, 'An hour'],
  [24 * 60, 'A day'],
  [7 * 24 * 60, 'A week'],
  [30 * 24 * 60, '30 days'],
]
/** What a choice of never is called in the list: the field holds texts. */
export const NEVER = 'never'

/** The usual ones, and the one that holds now. */
export function expiryChoices(now: number | null): { value: string; label: string }[] {
  const known = [{ value: NEVER, label: 'When the room closes' }]
  for (const [minutes, label] of CHOICES) known.push({ value: String(minutes), label })
  if (now !== null && !CHOICES.some(([minutes]) => minutes === now))
    known.push({ value: String(now), label: `${now.toLocaleString()} minutes` })
  return known
}
