import { describe, expect, it } from 'vitest'
import type { Outgoing } from '@/core/outbox'
import { poll, pollsState } from './fixtures'
import { sees } from './state'
import { settled } from './voting'

const vote = (id: string, of: string, more: Partial<Outgoing> = {}): Outgoing => ({
  id,
  name: 'polls.vote',
  payload: { poll: of, choice: {} },
  at: 0,
  kept: true,
  state: 'sending',
  ...more,
})
const refused = (code: string): Partial<Outgoing> => ({ state: 'failed', refused: { code, message: code } })

describe('votes on their way', () => {
  const state = pollsState({ polls: [poll(1), poll(2, { state: 'closed' })] })
  it('are let go when they are counted', () => {
    expect(settled([vote('a', 'q1'), vote('b', 'q1', { state: 'done' })], state)).toEqual(['b'])
  })
  it('stay when they were refused, until the poll is gone or opened again', () => {
    expect(settled([vote('a', 'q2', refused('poll_over'))], state)).toEqual([])
    expect(settled([vote('a', 'q1', refused('already_voted'))], state)).toEqual([])
    expect(
      settled([vote('a', 'q1', refused('poll_over')), vote('b', 'q9', refused('poll_over'))], state),
    ).toEqual(['a', 'b'])
  })
  it('are not the messages of the chat', () => {
    expect(settled([vote('a', 'q1', { name: 'chat.send', state: 'done' })], state)).toEqual([])
  })
})

describe('who sees totals', () => {
  it('is everyone, or whoever has voted while it is open', () => {
    const after = { ...poll(1).question, visibility: 'voted' as const }
    expect(sees(poll(1), false)).toBe(true)
    expect(sees(poll(1, { shown: false }), true)).toBe(false)
    expect(sees(poll(1, { shown: false, question: after }), true)).toBe(true)
    expect(sees(poll(1, { shown: false, question: after }), false)).toBe(false)
    expect(sees(poll(1, { shown: false, question: after, state: 'closed' }), true)).toBe(false)
  })
})
