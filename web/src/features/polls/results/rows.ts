import type { PollsBin, PollsTally } from '@/contract'
import type { Asked } from '../asked'

/** One bar, with what stands beside it. */
export interface Row {
  key: string
  text: string
  count: number
  /** Of all who have voted, 0 to 1. */
  share: number
  /** Null where nothing is right or wrong, or it is not told yet. */
  right: boolean | null
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`
export const numberText = (value: number): string =>
  value.toLocaleString(undefined, { maximumFractionDigits: 2 })
export const votesText = (votes: number): string =>
  `${votes.toLocaleString()} ${votes === 1 ? 'vote' : 'votes'}`

const shareOf = (count: number, votes: number) => (votes > 0 ? count / votes : 0)

/** The bars of a question with options, or of a rating: one for each, voted for or not. */
export function barsOf(question: Asked, tally: PollsTally, right: string[] | null): Row[] {
  const counted = new Map(tally.counts.map(({ key, count }) => [key, count]))
  const all =
    question.kind === 'rating'
      ? Array.from({ length: question.steps }, (_, at) => ({ id: String(at + 1), text: String(at + 1) }))
      : question.options
  return all.map(({ id, text }) => {
    const count = counted.get(id) ?? 0
    return {
      key: id,
      text,
      count,
      share: shareOf(count, tally.votes),
      right: question.kind === 'quiz' && right ? right.includes(id) : null,
    }
  })
}

export interface RankRow {
  key: string
  text: string
  mean: number | null
  counts: number[]
  /** How long its bar is, 0 to 1: the best mean rank there can be is a whole bar. */
  share: number
}

export function ranksOf(question: Asked, tally: PollsTally): RankRow[] {
  const many = question.options.length
  const named = new Map(question.options.map(({ id, text }) => [id, text]))
  return tally.ranked.map(({ option, mean, counts }) => ({
    key: option,
    text: named.get(option) ?? '',
    mean,
    counts,
    share: mean === null ? 0 : many > 1 ? (many - mean + 1) / many : 1,
  }))
}

export function binsOf(bins: PollsBin[], votes: number): Row[] {
  return bins.map(({ low, high, count }) => ({
    key: `${low}`,
    text: low === high ? numberText(low) : `${numberText(low)} – ${numberText(high)}`,
    count,
    share: shareOf(count, votes),
    right: null,
  }))
}

export interface CloudWord {
  key: string
  text: string
  count: number
  /** 0 (rarest) to 1 (most frequent): the root, so that areas compare. */
  weight: number
}

const CLOUD = 60
/** The most frequent in the middle, the others in turn before and behind it: the same words always stand the same. */
export function cloudOf(tally: PollsTally): CloudWord[] {
  const shown = tally.counts.slice(0, CLOUD)
  const most = Math.max(1, ...shown.map(({ count }) => count))
  const out: CloudWord[] = []
  shown.forEach(({ key, text, count }, at) => {
    const word = { key, text, count, weight: most > 1 ? Math.sqrt((count - 1) / (most - 1)) : 0.5 }
    if (at % 2) out.unshift(word)
    else out.push(word)
  })
  return out
}
