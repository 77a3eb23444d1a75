import type { PollsPoll, PollsTally } from '@/contract'

/** One line of a poll's totals. */
export interface Figure {
  key: string
  text: string
  count: number
  /** Of all who voted, 0 to 1; null where it means nothing. */
  share: number | null
  right: boolean
  /** Beside the count: a mean rank. */
  note: string
}

const share = (count: number, votes: number) => (votes > 0 ? count / votes : 0)
const number = (value: number) => value.toLocaleString(undefined, { maximumFractionDigits: 2 })

/** The totals as lines, each kind of question in its own way. `right` are the right options, as far as they are known. */
export function figuresOf(poll: PollsPoll, tally: PollsTally, right: readonly string[] = []): Figure[] {
  const { question } = poll
  const text = new Map(question.options.map((option) => [option.id, option.text]))
  const plain = { right: false, note: '' }
  if (question.kind === 'ranking')
    return tally.ranked.map(({ option, mean, counts }) => ({
      ...plain,
      key: option,
      text: text.get(option) ?? '',
      count: counts[0] ?? 0,
      share: share(counts[0] ?? 0, tally.votes),
      note: mean === null ? 'not ranked' : `mean rank ${number(mean)}`,
    }))
  if (question.kind === 'numeric')
    return tally.bins.map(({ low, high, count }) => ({
      ...plain,
      key: `${low}`,
      text: low === high ? number(low) : `${number(low)} – ${number(high)}`,
      count,
      share: share(count, tally.votes),
    }))
  return tally.counts.map(({ key, text: written, count }) => ({
    ...plain,
    key,
    text: text.get(key) ?? (written || key),
    count,
    share: question.kind === 'text' ? null : share(count, tally.votes),
    right: right.includes(key),
  }))
}

/** Mean and median, where there are such. */
export function middleOf(poll: PollsPoll, tally: PollsTally): string {
  const unit = poll.question.unit ? ` ${poll.question.unit}` : ''
  return [
    tally.mean === null ? '' : `Mean ${number(tally.mean)}${unit}`,
    tally.median === null ? '' : `Median ${number(tally.median)}${unit}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
export const votesText = (votes: number | null): string =>
  votes === null ? '' : votes === 1 ? '1 vote' : `${votes.toLocaleString()} votes`
