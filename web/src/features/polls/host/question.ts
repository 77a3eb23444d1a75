import {
  CircleCheckBig,
  CircleDot,
  Cloud,
  Hash,
  ListOrdered,
  SquareCheckBig,
  Star,
  TextAlignStart,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { PollsHostPoll, PollsQuestion } from '@/contract'
import { newId } from '@/core/ids'

export type Kind = PollsQuestion['kind']
export type Visibility = NonNullable<PollsQuestion['visibility']>

export interface DraftOption {
  /** Of this page alone: it stays the same while the option is moved and written. */
  key: string
  text: string
  right: boolean
}
/** A question while it is being written: with what another kind would need, so that switching back loses nothing. */
export type Draft = Required<Omit<PollsQuestion, 'options'>> & { options: DraftOption[] }

export const MOST_OPTIONS = 50
export const KINDS: { value: Kind; label: string; hint: string; icon: Component }[] = [
  { value: 'single', label: 'One choice', hint: 'Everyone chooses one option.', icon: CircleDot },
  {
    value: 'multiple',
    label: 'Several choices',
    hint: 'Everyone chooses as many as you allow.',
    icon: SquareCheckBig,
  },
  {
    value: 'quiz',
    label: 'Quiz',
    hint: 'Some options are right; right answers give points.',
    icon: CircleCheckBig,
  },
  {
    value: 'ranking',
    label: 'Ranking',
    hint: 'Everyone puts the options in order, the best first.',
    icon: ListOrdered,
  },
  { value: 'rating', label: 'Rating', hint: 'Everyone gives a number of points.', icon: Star },
  { value: 'numeric', label: 'Number', hint: 'Everyone writes a number.', icon: Hash },
  {
    value: 'words',
    label: 'Word cloud',
    hint: 'Everyone writes a few words; what many write grows.',
    icon: Cloud,
  },
  { value: 'text', label: 'Free text', hint: 'Everyone writes a short answer.', icon: TextAlignStart },
]
export const VISIBILITIES: { value: Visibility; label: string }[] = [
  { value: 'live', label: 'Everyone, while people vote' },
  { value: 'voted', label: 'Whoever has voted' },
  { value: 'closed', label: 'Everyone, when it is closed' },
  { value: 'hosts', label: 'Hosts, until they show them' },
]
/** 0 stands for no deadline: lists hold no null. */
export const TIMES: { value: number; label: string }[] = [
  { value: 15, label: '15 seconds' },
  { value: 30, label: '30 seconds' },
  { value: 60, label: '1 minute' },
  { value: 120, label: '2 minutes' },
  { value: 300, label: '5 minutes' },
  { value: 900, label: '15 minutes' },
  { value: 3600, label: '1 hour' },
  { value: 0, label: 'Until you close it' },
]
/** The times to choose from, with one that was set elsewhere. */
export function timesWith(seconds: number | null): typeof TIMES {
  const now = seconds ?? 0
  if (TIMES.some(({ value }) => value === now)) return TIMES
  return [{ value: now, label: `${now.toLocaleString()} seconds` }, ...TIMES]
}

const CHOOSING: readonly Kind[] = ['single', 'multiple', 'quiz', 'ranking']
const COUNTING: readonly Kind[] = ['multiple', 'ranking', 'words']
/** Whether it has options. */
export const hasOptions = (kind: Kind): boolean => CHOOSING.includes(kind)
/** Whether one says how many are chosen or written. */
export const hasAmounts = (kind: Kind): boolean => COUNTING.includes(kind)
export const kindLabel = (kind: Kind): string => KINDS.find(({ value }) => value === kind)?.label ?? kind

export const newOption = (text = '', right = false): DraftOption => ({ key: newId(), text, right })

/** What a question is unless something else is said. */
export const USUAL: Omit<Draft, 'options' | 'kind'> = {
  title: '',
  least: 1,
  most: null,
  steps: 5,
  low_label: '',
  high_label: '',
  low: null,
  high: null,
  whole: false,
  unit: '',
  seconds: 60,
  changeable: false,
  visibility: 'live',
  anonymous: false,
  audience: true,
  speed: false,
}

/** A question of the server as it is written on; there are at least two lines for options. */
export function draftOf(question: PollsQuestion): Draft {
  const options = (question.options ?? []).map(({ text, right }) => newOption(text, right))
  while (options.length < 2) options.push(newOption())
  return { ...USUAL, ...question, options }
}

/** What is saved: nothing of other kinds, no empty options, and nothing that cannot be together. */
export function questionOf(draft: Draft): PollsQuestion {
  const { kind, anonymous } = draft
  const quiz = kind === 'quiz'
  const written = hasOptions(kind) ? writtenOptions(draft) : []
  const several = quiz && draft.most !== null
  return {
    ...draft,
    options: written.map(({ text, right }) => ({ text, right: quiz && right })),
    least: hasAmounts(kind) ? draft.least : 1,
    most: several ? Math.max(2, written.length) : hasAmounts(kind) ? draft.most : null,
    changeable: draft.changeable && !anonymous,
    speed: draft.speed && quiz && !anonymous && draft.seconds !== null,
    ...(kind === 'numeric' ? {} : { low: null, high: null, whole: false, unit: '' }),
    ...(kind === 'rating' ? {} : { steps: USUAL.steps, low_label: '', high_label: '' }),
  }
}

export const writtenOptions = (draft: Draft): DraftOption[] =>
  draft.options.filter(({ text }) => text.trim() !== '')

/** Another kind of the same question: title, options, time and policy stay. */
export function ofKind(draft: Draft, kind: Kind): Draft {
  // How many one chooses means something else in each kind.
  return { ...draft, kind, least: 1, most: null }
}

/** Which line of the builder the server's `options.2.text` is about: it was told of those that are written. */
export function optionAt(draft: Draft, field: string | undefined): string | null {
  const at = /^options\.(\d+)/.exec(field ?? '')?.[1]
  return at === undefined ? null : (writtenOptions(draft)[Number(at)]?.key ?? null)
}

export const titleOf = (poll: Pick<PollsHostPoll, 'question'>, longest = 80): string => {
  const title = poll.question.title ?? ''
  if (!title) return 'Untitled question'
  return title.length > longest ? `${title.slice(0, longest).trimEnd()}…` : title
}

/** Whether nothing has been written yet. */
export const isBlank = (question: PollsQuestion): boolean =>
  !question.title?.trim() && !question.options?.some(({ text }) => text.trim())
