import type { PollsPoll } from '@/contract'
import { draftOf, type Draft } from './answer'
import { askedIn } from './asked'

/** What somebody has begun to fill in, kept by the tab until it is sent. Opened again, a poll begins anew. */
const name = ({ id, opened_at }: PollsPoll) => `salon.vote.${id}.${opened_at}`

export function loadDraft(poll: PollsPoll): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(name(poll)) ?? 'null')
    return fitting(poll, kept)
  } catch {
    return null
  }
}

export function saveDraft(poll: PollsPoll, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(name(poll), JSON.stringify(draft))
    else sessionStorage.removeItem(name(poll))
  } catch {
    // Storage is full or blocked: the draft is kept until the page goes.
  }
}

const strings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** Only what this question has fields for. */
function fitting(poll: PollsPoll, kept: unknown): Draft | null {
  if (typeof kept !== 'object' || kept === null) return null
  const { options, value, words, text } = kept as Partial<Draft>
  if (!strings(options) || typeof value !== 'string' || !strings(words) || typeof text !== 'string')
    return null
  const question = askedIn(poll)
  const known = question.options.map(({ id }) => id)
  const fields = draftOf(question, null).words
  return {
    options: options.filter((id) => known.includes(id)),
    value,
    words: fields.map((_, at) => words[at] ?? ''),
    text,
  }
}
