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
export const votesText = (votes: number, over = false): string =>
  votes === 0
    ? over
      ? 'Nobody has voted'
      : 'No votes yet'
    : `${votes.toLocaleString()} ${votes === 1 ? 'vote' : 'votes'}`

/** 1st, 2nd, 3rd. */
export function ordinal(number: number): string {
  const tens = number % 100
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${ending}`
}

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

/** What is told of a rating or of numbers as a whole. */
export function figuresOf(question: Asked, { mean, median }: PollsTally): { label: string; value: string }[] {
  const unit = question.kind === 'numeric' && question.unit ? ` ${question.unit}` : ''
  const all = [
    { label: 'Mean', value: mean },
    { label: 'Median', value: median },
  ]
  return all.flatMap(({ label, value }) =>
    value === null ? [] : [{ label, value: numberText(value) + unit }],
  )
}

/** Where a histogram begins and ends, as exactly as one can read it; null where each bar has a name. */
export function endsOf(bins: PollsBin[]): { low: string; high: string } | null {
  const low = bins[0]?.low
  const high = bins.at(-1)?.high
  if (low === undefined || high === undefined || low === high) return null
  // Whole numbers, one a bar.
  if (bins.length <= 12 && bins.every((bin) => bin.low === bin.high)) return null
  const digits = Math.max(0, 2 - Math.floor(Math.log10(high - low)))
  const told = (value: number) =>
    value.toLocaleString(undefined, { maximumFractionDigits: Math.min(digits, 6) })
  return { low: told(low), high: told(high) }
}

export interface CloudWord {
  key: string
  text: string
  count: number
  /** 0 (rarest) to 1 (most frequent): the root, so that areas compare. */
  weight: number
}

export const CLOUD = 60
/** The most frequent in the middle, the others in turn before and behind it: the same words always stand the same. */
export function cloudOf(tally: PollsTally, most = CLOUD): CloudWord[] {
  const shown = tally.counts.slice(0, most)
  const top = Math.max(1, ...shown.map(({ count }) => count))
  const out: CloudWord[] = []
  shown.forEach(({ key, text, count }, at) => {
    const word = { key, text, count, weight: top > 1 ? Math.sqrt((count - 1) / (top - 1)) : 0.5 }
    if (at % 2) out.unshift(word)
    else out.push(word)
  })
  return out
}

/** In em, in a cloud of so many. */
export const sizeOf = (word: CloudWord, many: number): number => 0.95 + word.weight * (many > 30 ? 1.3 : 2.1)
