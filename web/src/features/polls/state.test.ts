import { describe, expect, it } from 'vitest'
import type { EventOf, EventType, WireEvent } from '@/core/wire'
import { poll, pollsState, tally } from './fixtures'
import { liveOf, standing, withLive } from './live'
import { ownVote, polls } from './state'

const event = <T extends EventType>(
  type: T,
  data: EventOf<T>['data'],
  stream: 'room' | 'me' | 'hosts' = 'room',
) => ({ stream, seq: 1, at: 1, type, data }) as unknown as WireEvent
const apply = (state = pollsState(), ...events: WireEvent[]) =>
  events.reduce((before, one) => polls.apply(before, one, 'me'), state)

describe('polls', () => {
  it('[V1] stand in the order of their place', () => {
    const state = apply(
      pollsState({ polls: [poll(1), poll(2)] }),
      event('polls.changed', { polls: [poll(3, { place: 1500 }), poll(1, { place: 9000 })] }),
    )
    expect(state.polls.map(({ id }) => id)).toEqual(['q3', 'q2', 'q1'])
    expect(apply(state, event('polls.gone', { polls: ['q3'] })).polls).toHaveLength(2)
    expect(apply(state, event('polls.gone', { polls: ['none'] })).polls).toBe(state.polls)
  })

  it('[V4] a vote of before a reset is none of now, in whichever order that is told', () => {
    const vote = {
      poll: 'q1',
      opened_at: 1000,
      choice: { options: ['q1o0'], value: null, words: null, text: null },
    }
    const voted = apply(pollsState({ polls: [poll(1)] }), event('polls.voted', { vote }, 'me'))
    expect(ownVote(voted, voted.polls[0]!)).toEqual(vote)
    const again = apply(voted, event('polls.changed', { polls: [poll(1, { opened_at: 2000 })] }))
    expect(ownVote(again, again.polls[0]!)).toBeUndefined()
    expect(polls.normalise(again).own).toEqual([])
    const newer = apply(again, event('polls.voted', { vote: { ...vote, opened_at: 2000 } }, 'me'))
    expect(polls.normalise(newer).own).toHaveLength(1)
  })

  it('[V1] drafts are told to hosts only', () => {
    const { question, ...rest } = poll(1)
    const draft = {
      id: rest.id,
      place: rest.place,
      series: rest.series,
      round: 1,
      revision: 1,
      state: 'draft' as const,
      question: { ...question, options: [{ text: 'Red', right: false }] },
      right: [],
      tally: null,
      hidden: [],
    }
    const told = event('polls.hosts_changed', { polls: [draft] }, 'hosts')
    const host = apply(pollsState({ hosts: { polls: [] } }), told)
    expect(host.hosts!.polls).toEqual([draft])
    expect(apply(host, event('polls.hosts_gone', { polls: ['q1'] }, 'hosts')).hosts!.polls).toEqual([])
    expect(apply(pollsState(), told).hosts).toBeNull()
  })

  it('[V5] open polls stand as the newest signal says, closed ones as their final totals', () => {
    const snapshot = pollsState({ polls: [poll(1)], live: [{ poll: 'q1', votes: 1, tally: null }] })
    const live = liveOf(snapshot)
    expect(standing(poll(1), live)).toEqual({ votes: 1, tally: null })
    const later = withLive(live, { poll: 'q1', votes: 2, tally: tally(2) })
    expect(standing(poll(1), later)).toEqual({ votes: 2, tally: tally(2) })
    expect(standing(poll(1, { state: 'closed', tally: tally(3) }), later).votes).toBe(3)
    expect(standing(poll(2), later)).toEqual({ votes: null, tally: null })
  })

  it('another feature’s event changes nothing', () => {
    const state = pollsState()
    expect(apply(state, event('rooms.closed', { reason: 'owner' }))).toBe(state)
  })
})
