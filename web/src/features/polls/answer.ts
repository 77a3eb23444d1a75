import type { PollsAnswer } from '@/contract'
import type { Asked } from './asked'

/** What somebody has filled in so far; of these, the field that belongs to the kind of question. */
export interface Draft {
  options: string[]
  /** Numbers as they are typed. */
  value: string
  words: string[]
  text: string
}

export const LONGEST_TEXT = 280
export const LONGEST_WORD = 40
const WORDS = 3
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/

const isChoice = (kind: string) => ['single', 'multiple', 'quiz', 'ranking'].includes(kind)
export const lengthOf = (text: string): number => [...text].length
/** A number as people type it: with a comma or a point, with a real minus. */
export function numberOf(typed: string): number | null {
  const text = typed.trim().replaceAll('−', '-')
  return NUMBER.test(text) ? Number(text.replace(',', '.')) : null
}

/** How many options or words there may be. */
export function amounts(question: Asked): [number, number] {
  const { kind, least, most, options } = question
  if (kind === 'single') return [1, 1]
  if (kind === 'quiz') return [1, most ?? 1]
  if (kind === 'words') return [least, most ?? WORDS]
  return [least, most ?? options.length]
}

/** Where one begins: with what one has chosen before. */
export function draftOf(question: Asked, before: PollsAnswer | null | undefined): Draft {
  const [, most] = amounts(question)
  const words = before?.words ?? []
  return {
    options: before?.options ?? [],
    value: before?.value === null || before?.value === undefined ? '' : String(before.value),
    words: question.kind === 'words' ? Array.from({ length: most }, (_, at) => words[at] ?? '') : [],
    text: before?.text ?? '',
  }
}

export function answerOf(question: Asked, draft: Draft): PollsAnswer {
  const none = { options: null, value: null, words: null, text: null }
  switch (question.kind) {
    case 'rating':
    case 'numeric':
      return { ...none, value: numberOf(draft.value) }
    case 'words':
      return { ...none, words: draft.words.map((word) => word.trim()).filter(Boolean) }
    case 'text':
      return { ...none, text: draft.text.trim() }
    default:
      return { ...none, options: draft.options }
  }
}

const several = (count: number, one: string) => `${count.toLocaleString()} ${one}${count === 1 ? '' : 's'}`

/** What is asked for, in a few words; empty where the control says it by itself. */
export function askedFor(question: Asked): string {
  const [least, most] = amounts(question)
  const { kind, low, high } = question
  if (kind === 'words')
    return most === 1 ? 'One word' : least === most ? several(most, 'word') : `Up to ${most} words`
  if (kind === 'numeric') {
    const ends =
      low !== null && high !== null
        ? `From ${low.toLocaleString()} to ${high.toLocaleString()}`
        : low !== null
          ? `At least ${low.toLocaleString()}`
          : high !== null
            ? `At most ${high.toLocaleString()}`
            : ''
    return [ends, question.whole ? (ends ? 'whole numbers' : 'A whole number') : '']
      .filter(Boolean)
      .join(', ')
  }
  if (kind === 'ranking')
    return most < question.options.length
      ? `Put your best ${most} in order`
      : least === question.options.length
        ? 'Put all of them in order, the best first'
        : 'Put them in order, the best first'
  if (!isChoice(kind) || most === 1) return ''
  if (least === most) return `Choose ${most}`
  return least > 1
    ? `Choose ${least} to ${most}`
    : most < question.options.length
      ? `Choose up to ${most}`
      : 'Choose as many as you like'
}

/** Why this cannot be sent yet; null when it can. What is simply empty needs no words: ''. */
export function missing(question: Asked, draft: Draft): string | null {
  const [least, most] = amounts(question)
  const { kind } = question
  if (isChoice(kind)) {
    const count = draft.options.length
    if (count < least) return count === 0 ? '' : `${least - count} more`
    return count > most ? `${count - most} too many` : null
  }
  if (kind === 'words') {
    const words = draft.words.map((word) => word.trim()).filter(Boolean)
    if (words.some((word) => lengthOf(word) > LONGEST_WORD)) return `At most ${LONGEST_WORD} characters each`
    if (words.length < least) return words.length === 0 ? '' : `${several(least - words.length, 'more word')}`
    return words.length > most ? `At most ${most}` : null
  }
  if (kind === 'text') {
    const over = lengthOf(draft.text.trim()) - LONGEST_TEXT
    return draft.text.trim() === '' ? '' : over > 0 ? `${several(over, 'character')} too many` : null
  }
  if (draft.value.trim() === '') return ''
  const value = numberOf(draft.value)
  if (value === null) return 'Write a number in digits'
  if (question.whole && !Number.isInteger(value)) return 'Only whole numbers'
  if (kind === 'numeric' && question.low !== null && value < question.low)
    return `At least ${question.low.toLocaleString()}`
  if (kind === 'numeric' && question.high !== null && value > question.high)
    return `At most ${question.high.toLocaleString()}`
  return null
}

/** What somebody has chosen, in words. */
export function inWords(question: Asked, answer: PollsAnswer): string {
  const named = (id: string) => question.options.find((option) => option.id === id)?.text ?? ''
  if (answer.options?.length)
    return question.kind === 'ranking'
      ? answer.options.map((id, at) => `${at + 1}. ${named(id)}`).join('  ')
      : answer.options.map(named).join(', ')
  if (answer.value !== null && answer.value !== undefined)
    return question.kind === 'rating'
      ? `${answer.value} of ${question.steps}`
      : `${answer.value.toLocaleString()} ${question.unit}`.trim()
  return answer.words?.join(', ') ?? answer.text ?? ''
}
