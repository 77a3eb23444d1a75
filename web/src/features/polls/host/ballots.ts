import type { PollsAnswer, PollsPoll } from '@/contract'

/** A vote as one line. */
export function choiceText(poll: PollsPoll, choice: PollsAnswer): string {
  const text = new Map(poll.question.options.map((option) => [option.id, option.text]))
  const chosen = choice.options?.map((id) => text.get(id) ?? '')
  if (chosen && poll.question.kind === 'ranking')
    return chosen.map((each, at) => `${at + 1}. ${each}`).join('  ')
  if (chosen) return chosen.join(', ')
  if (choice.words) return choice.words.join(', ')
  if (choice.text) return choice.text
  const value = choice.value?.toLocaleString() ?? ''
  return poll.question.unit ? `${value} ${poll.question.unit}` : value
}
