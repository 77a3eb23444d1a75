import type { PollsQuestion } from '@/contract'
import { draftOf, hasOptions, kindLabel, questionOf, titleOf } from './question'

/** What another host has written otherwise, part by part. */
export function differences(mine: PollsQuestion, theirs: PollsQuestion): { part: string; text: string }[] {
  const [here, there] = [questionOf(draftOf(mine)), questionOf(draftOf(theirs))]
  const found: { part: string; text: string }[] = []
  if (here.title !== there.title) found.push({ part: 'Question', text: titleOf({ question: there }, 300) })
  if (here.kind !== there.kind) found.push({ part: 'Kind', text: kindLabel(there.kind) })
  const optionsOf = (question: PollsQuestion) => JSON.stringify(question.options)
  if (hasOptions(there.kind) && optionsOf(here) !== optionsOf(there)) {
    const texts = (there.options ?? []).map(({ text, right }) => (right ? `${text} (right)` : text))
    found.push({ part: 'Options', text: texts.join(', ') || 'none' })
  }
  const rest = (question: PollsQuestion) =>
    JSON.stringify({ ...question, title: '', kind: 'single', options: [] })
  if (rest(here) !== rest(there)) found.push({ part: 'Settings', text: 'others than yours' })
  return found
}
