import { describe, expect, it } from 'vitest'
import { answerOf, askedFor, draftOf, inWords, missing, numberOf } from './answer'
import type { Asked } from './asked'
import { poll, pollsState, tally } from './fixtures'
import { barsOf, cloudOf, endsOf, ordinal, ranksOf, votesText } from './results/rows'
import { mayVote, onScreen, unanswered } from './state'

const asked = (more: Partial<Asked>) => ({ ...poll(1).question, ...more }) as Asked

describe('an answer', () => {
  it('[V2] has as many options as are asked for', () => {
    const question = asked({ kind: 'multiple', least: 2, most: 2 })
    const draft = draftOf(question, null)
    expect(missing(question, draft)).toBe('')
    expect(missing(question, { ...draft, options: ['q1o0'] })).toBe('1 more')
    expect(missing(question, { ...draft, options: ['q1o0', 'q1o1'] })).toBeNull()
    expect(askedFor(question)).toBe('Choose 2')
    expect(missing(asked({ kind: 'quiz' }), { ...draft, options: ['a', 'b'] })).toBe('1 too many')
  })

  it('[V2] numbers are what people type, within their bounds', () => {
    expect(numberOf(' −3,5 ')).toBe(-3.5)
    for (const text of ['', 'NaN', '1e5', '1.2.3', 'Infinity', '0x10']) expect(numberOf(text)).toBeNull()
    const question = asked({ kind: 'numeric', low: 0, high: 10, whole: true })
    const said = (value: string) => missing(question, { ...draftOf(question, null), value })
    expect(said('11')).toBe('At most 10')
    expect(said('-1')).toBe('At least 0')
    expect(said('1.5')).toBe('Only whole numbers')
    expect(said('7')).toBeNull()
  })

  it('[V2] words are trimmed, and empty fields are none', () => {
    const question = asked({ kind: 'words' })
    const draft = { ...draftOf(question, null), words: [' Hope ', '', ' '] }
    expect(draftOf(question, null).words).toHaveLength(3)
    expect(answerOf(question, draft).words).toEqual(['Hope'])
    expect(missing(question, draft)).toBeNull()
    expect(missing(question, { ...draft, words: ['x'.repeat(41)] })).toContain('40 characters')
  })

  it('[V4] one begins with what one has chosen before', () => {
    const question = asked({ kind: 'ranking' })
    const draft = draftOf(question, { options: ['q1o2', 'q1o0'] })
    expect(draft.options).toEqual(['q1o2', 'q1o0'])
    expect(inWords(question, answerOf(question, draft))).toBe('1. Blue  2. Red')
  })
})

describe('results', () => {
  it('[V5] have a bar for every option, with its share of those who voted', () => {
    const counts = [{ key: 'q1o0', text: '', count: 3 }]
    const bars = barsOf(asked({ kind: 'quiz' }), tally(4, { counts }), ['q1o0'])
    expect(bars.map(({ share }) => share)).toEqual([0.75, 0, 0])
    expect(bars.map(({ right }) => right)).toEqual([true, false, false])
    expect(barsOf(asked({}), tally(0), null).map(({ share }) => share)).toEqual([0, 0, 0])
  })

  it('[V2] the best mean rank is a whole bar, none is no bar', () => {
    const ranked = [
      { option: 'q1o1', mean: 1, counts: [2, 0, 0] },
      { option: 'q1o0', mean: 3, counts: [0, 0, 2] },
      { option: 'q1o2', mean: null, counts: [0, 0, 0] },
    ]
    const rows = ranksOf(asked({ kind: 'ranking' }), tally(2, { ranked }))
    expect(rows.map(({ text }) => text)).toEqual(['Green', 'Red', 'Blue'])
    expect(rows.map(({ share }) => Math.round(share * 3))).toEqual([3, 1, 0])
  })

  it('[V2] the most frequent word is the largest', () => {
    const counts = [5, 2, 1].map((count) => ({ key: `w${count}`, text: `w${count}`, count }))
    const words = cloudOf(tally(8, { counts }))
    expect(words.find(({ key }) => key === 'w5')!.weight).toBe(1)
    expect(words.find(({ key }) => key === 'w1')!.weight).toBe(0)
  })
})

describe('which polls', () => {
  it('[V3] wait for one’s vote, and stand on the big screen', () => {
    const closed = poll(2, { state: 'closed', opened_at: 5000, projected: true })
    const state = pollsState({ polls: [poll(1), closed] })
    expect(unanswered(state, 'audience').map(({ id }) => id)).toEqual(['q1'])
    const hostsOnly = poll(1, { question: { ...poll(1).question, audience: false } })
    expect(mayVote(hostsOnly, 'audience')).toBe(false)
    expect(mayVote(hostsOnly, 'participant')).toBe(true)
    expect(onScreen(state)!.id).toBe('q2')
    expect(onScreen(pollsState({ polls: [poll(1)] }))).toBeUndefined()
  })
})

describe('figures', () => {
  it('of a histogram end where one can read them', () => {
    const bin = (low: number, high: number) => ({ low, high, count: 1 })
    expect(endsOf([bin(0, 37.3166), bin(37.3166, 447.6)])).toEqual({ low: '0', high: '448' })
    expect(endsOf([bin(0.1234567, 0.2), bin(0.2, 0.34567)])).toEqual({ low: '0.123', high: '0.346' })
    expect(endsOf([bin(3, 3), bin(4, 4)])).toBeNull()
    expect(endsOf([])).toBeNull()
  })
  it('are words', () => {
    expect([1, 2, 3, 4, 11, 12, 21, 111].map(ordinal).join(' ')).toBe('1st 2nd 3rd 4th 11th 12th 21st 111th')
    expect([0, 1, 2].map((votes) => votesText(votes))).toEqual(['No votes yet', '1 vote', '2 votes'])
    expect(votesText(0, true)).toBe('Nobody has voted')
  })
})
