import { describe, expect, it } from 'vitest'
import { spoken } from './cooldown'
import { floorState, item } from './fixtures'
import { behind, moved } from '@/design/order'
import { bounds, lineOf, nowOf, ordinal, ownOf } from './line'
import { openChoices, pauseChoices, wordsFrom } from './settings'

const ids = (line: { id: string }[]) => line.map(({ id }) => id)

describe('the line', () => {
  const state = floorState({ items: [item(3, { taken_at: 9 }), item(1, { pinned: true }), item(2), item(4)] })

  it('[F5] what is answered now does not stand in it', () => {
    expect(nowOf(state)?.id).toBe('i3')
    expect(ids(lineOf(state))).toEqual(['i1', 'i2', 'i4'])
    expect(nowOf(undefined)).toBeNull()
  })

  it('[F5] everybody knows their own place', () => {
    expect(ownOf(state, 'p2')).toEqual([{ item: state.items[2], where: 1 }])
    expect(ownOf(state, 'p3')[0]!.where).toBe('now')
    const waiting = item(7, { person: 'p9' })
    expect(ownOf({ ...state, own: { ...state.own, waiting: [waiting] } }, 'p9')).toEqual([
      { item: waiting, where: 'waiting' },
    ])
    expect([1, 2, 3, 4, 11, 21, 112].map(ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '21st',
      '112th',
    ])
  })

  it('[F4] pinned ones stay on top, wherever others are put', () => {
    const line = lineOf(state)
    expect(bounds(line, 'i4')).toEqual([1, 2])
    expect(bounds(line, 'i1')).toEqual([0, 2])
    expect(ids(moved(line, 'i4', 1))).toEqual(['i1', 'i4', 'i2'])
    expect(behind(line, 'i4', 1)).toBe('i1')
    expect(behind(line, 'i1', 0)).toBeNull()
    expect(moved(line, 'nobody', 1)).toBe(line)
  })
})

describe('settings', () => {
  it('[F3] offer what a bot has set, too', () => {
    expect(openChoices(7).map(({ label }) => label)).toEqual(['One', '2', '3', '5', '7', '10'])
    expect(pauseChoices(90).map(({ label }) => label)).toContain('90 seconds')
    expect([1, 5, 60, 120, 3600].map(spoken)).toEqual([
      'a second',
      '5 seconds',
      'a minute',
      '2 minutes',
      'an hour',
    ])
  })

  it('[F2] words are whole numbers', () => {
    expect([' 20 ', '0', '201', 'x', '', '1.5'].map(wordsFrom)).toEqual([
      20,
      ...Array<undefined>(5).fill(undefined),
    ])
  })
})
