import type { Preset } from '@/core/api'
import type { Told } from '@/core/notifications'
import type { Admission, Answer, Plan } from '@/core/plans'
import { RULES, type AdmissionChoice } from '@/design/admission'
import { countdown, minutesSpoken } from './countdown'

export const ANSWERS: { value: Answer; label: string }[] = [
  { value: 'accepted', label: 'Yes' },
  { value: 'tentative', label: 'Maybe' },
  { value: 'declined', label: 'No' },
]

export const ANSWER_WORDS: Record<Answer | 'pending', string> = {
  accepted: 'Yes',
  tentative: 'Maybe',
  declined: 'No',
  pending: 'Not answered',
}

/** "3 yes, 1 maybe, 2 not answered"; empty when nobody is invited. */
export function answersSpoken(answers: Plan['answers']): string {
  if (!answers) return ''
  const words: [number, string][] = [
    [answers.accepted, 'yes'],
    [answers.tentative, 'maybe'],
    [answers.declined, 'no'],
    [answers.pending, 'not answered'],
  ]
  return words
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
}

const USUAL_OF: Record<Preset, Admission> = { stage: 'open', meeting: 'open', study: 'knock', drop: 'open' }

/**
 * What can be chosen. A room that nobody may enter is not planned; one that was locked since stays so. Without a preset
 * the room is there already, and "as usual" is no choice any more.
 */
export function admissionsWith(
  now: AdmissionChoice,
  preset: Preset | null,
): { value: AdmissionChoice; label: string; hint?: string }[] {
  const rules = RULES.filter(({ value }) => value !== 'locked' || now === 'locked')
  if (!preset) return rules
  const usual = RULES.find(({ value }) => value === USUAL_OF[preset])
  const label = `As usual: ${usual?.label.toLowerCase() ?? ''}`
  return [{ value: 'usual', label, ...(usual ? { hint: usual.hint } : {}) }, ...rules]
}
export const admissionWords = (admission: Admission): string =>
  RULES.find(({ value }) => value === admission)?.label ?? ''

const people = (count: number) => (count === 1 ? 'One person who is' : `${count} people who are`)

/** What cancelling does, and whom it is told: said before it is done. */
export function cancelWords(plan: Plan): string {
  const invited =
    plan.invitees?.length ?? (plan.answers ? Object.values(plan.answers).reduce((a, b) => a + b, 0) : 0)
  const series = plan.repeat ? 'All its times are taken off. ' : ''
  const told = invited
    ? `${people(invited)} invited will be told.`
    : 'Nobody is invited, so nobody will be told.'
  return `${series}${told} The room closes once nobody is in it.`
}

/** What a notification says, as it is now: a reminder that is read later must not claim that it is yet to begin. */
export function toldWords(told: Told, now: number): string {
  const who = told.who || 'Somebody'
  switch (told.kind) {
    case 'plan.created':
      return `${who} invites you`
    case 'plan.changed':
      return `${who} has changed it`
    case 'plan.cancelled':
      return 'It is called off'
    case 'plan.reminder': {
      const start = told.start ?? 0
      return now < start ? `Begins in ${minutesSpoken(start - now)}` : 'Has begun'
    }
  }
}

/** The one word or two beside a plan's title. */
export function stateWords(plan: Plan, now: number): string {
  if (plan.state === 'cancelled') return 'Called off'
  return (plan.next && countdown(now, plan.next)) || 'Over'
}
