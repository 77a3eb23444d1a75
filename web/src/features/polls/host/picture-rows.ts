import type { PollsPoll, PollsTally } from '@/contract'
import { askedIn } from '../asked'
import { barsOf, binsOf, figuresOf, numberText, percent, ranksOf, votesText } from '../results/rows'

/** One line of a poll's picture. */
export interface PictureRow {
  text: string
  /** What stands at its end. */
  value: string
  /** How long its bar is, 0 to 1; null where there is none. */
  share: number | null
  right: boolean
}

const MOST_WORDS = 40
const counted = (count: number, share: number) => `${count.toLocaleString()} · ${percent(share)}`

/** The totals as lines of a picture, from the same rows that the page draws. */
export function pictureRows(poll: PollsPoll, tally: PollsTally, right: string[]): PictureRow[] {
  const question = askedIn(poll)
  switch (question.kind) {
    case 'ranking':
      return ranksOf(question, tally).map(({ text, mean, share }) => ({
        text,
        value: mean === null ? 'not ranked' : `mean rank ${numberText(mean)}`,
        share,
        right: false,
      }))
    case 'words': {
      const most = Math.max(1, ...tally.counts.map(({ count }) => count))
      return tally.counts.slice(0, MOST_WORDS).map(({ text, count }) => ({
        text,
        value: count.toLocaleString(),
        share: count / most,
        right: false,
      }))
    }
    case 'text':
      return tally.counts.slice(0, MOST_WORDS).map(({ text }) => ({
        text,
        value: '',
        share: null,
        right: false,
      }))
    default: {
      const rows =
        question.kind === 'numeric' ? binsOf(tally.bins, tally.votes) : barsOf(question, tally, right)
      return rows.map((row) => ({
        text: row.text,
        value: counted(row.count, row.share),
        share: row.share,
        right: row.right === true,
      }))
    }
  }
}

/** The line under the picture's title: votes, mean, median. */
export function pictureAbout(poll: PollsPoll, tally: PollsTally): string {
  const figures = figuresOf(askedIn(poll), tally).map(({ label, value }) => `${label} ${value}`)
  return [votesText(tally.votes), ...figures].join(' · ')
}
