import type { PollsPoll, PollsSnapshot, PollsTally } from '@/contract'
import { USUAL } from './host/question'

/** A poll of three options for tests. */
export function poll(number: number, more: Partial<PollsPoll> = {}): PollsPoll {
  return {
    id: `q${number}`,
    place: number * 1024,
    series: `q${number}`,
    round: 1,
    question: {
      ...USUAL,
      kind: 'single',
      title: `Question ${number}`,
      options: ['Red', 'Green', 'Blue'].map((text, at) => ({ id: `q${number}o${at}`, text })),
    },
    state: 'open',
    opened_at: 1000,
    closes_at: 61_000,
    closed_at: null,
    shown: true,
    revealed: false,
    projected: false,
    tally: null,
    right: null,
    ...more,
  }
}

export const tally = (votes: number, more: Partial<PollsTally> = {}): PollsTally => ({
  votes,
  counts: [],
  ranked: [],
  bins: [],
  mean: null,
  median: null,
  more: 0,
  ...more,
})

export const pollsState = (more: Partial<PollsSnapshot> = {}): PollsSnapshot => ({
  polls: [],
  live: [],
  own: [],
  hosts: null,
  ...more,
})
