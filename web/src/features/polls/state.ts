import type { PollsOwnVote, PollsPoll, PollsSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'

interface Placed {
  id: string
  place: number
}

function upsert<T extends Placed>(polls: T[], news: T[]): T[] {
  const fresh = new Map(news.map((poll) => [poll.id, poll]))
  const next = polls.map((poll) => {
    const now = fresh.get(poll.id)
    fresh.delete(poll.id)
    return now ?? poll
  })
  return [...next, ...fresh.values()].sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))
}

function without<T extends Placed>(polls: T[], gone: string[]): T[] {
  return polls.some(({ id }) => gone.includes(id)) ? polls.filter(({ id }) => !gone.includes(id)) : polls
}

/** One's own vote in a poll as it is now: one of before a reset does not count. */
export const ownVote = (state: PollsSnapshot, poll: PollsPoll): PollsOwnVote | undefined =>
  state.own.find((vote) => vote.poll === poll.id && vote.opened_at === poll.opened_at)

/** Whether somebody of this role votes in a poll. */
export const mayVote = (poll: PollsPoll, role: string | undefined): boolean =>
  role !== undefined && (role !== 'audience' || poll.question.audience !== false)

/** Whether somebody may see the totals without being a host. */
export const sees = (poll: PollsPoll, voted: boolean): boolean =>
  poll.shown || (poll.state === 'open' && poll.question.visibility === 'voted' && voted)

/** Open polls that wait for one's vote. */
export const unanswered = (state: PollsSnapshot | undefined, role: string | undefined): PollsPoll[] =>
  state?.polls.filter((poll) => poll.state === 'open' && mayVote(poll, role) && !ownVote(state, poll)) ?? []

/** What the big screen shows. */
export const onScreen = (state: PollsSnapshot | undefined): PollsPoll | undefined =>
  state?.polls.find((poll) => poll.projected)

export const polls: Fold<PollsSnapshot> = {
  apply(state, event) {
    switch (event.type) {
      case 'polls.changed':
        return { ...state, polls: upsert(state.polls, event.data.polls) }
      case 'polls.gone':
        return { ...state, polls: without(state.polls, event.data.polls) }
      case 'polls.hosts_changed':
        return state.hosts
          ? { ...state, hosts: { polls: upsert(state.hosts.polls, event.data.polls) } }
          : state
      case 'polls.hosts_gone':
        return state.hosts
          ? { ...state, hosts: { polls: without(state.hosts.polls, event.data.polls) } }
          : state
      case 'polls.voted': {
        const { vote } = event.data
        return { ...state, own: [...state.own.filter(({ poll }) => poll !== vote.poll), vote] }
      }
      default:
        return state
    }
  },
  /** Totals of open polls come by signals, and a vote of before a reset is none. */
  normalise: (state) => ({
    ...state,
    live: [],
    own: state.polls
      .map((poll) => ownVote(state, poll))
      .filter((vote) => vote !== undefined)
      .sort((a, b) => (a.poll < b.poll ? -1 : 1)),
  }),
}
