import { describe, expect, it } from 'vitest'
import { alarm, studyState, timer } from '../fixtures'
import { duesOf, rungOf } from './rings'

describe('what rings', () => {
  it('[S2] [S3] is what runs and what is set, of the room and one’s own', () => {
    const state = studyState({
      timer: timer({ state: 'running', ends_at: 5_000, remaining_ms: null }),
      alarms: [alarm(1, { label: 'Tea' }), alarm(2, { state: 'rang' })],
    })
    state.own.timer = timer({ scope: 'mine', state: 'paused', ends_at: null })
    state.own.alarms = [alarm(3, { time: '07:30' })]
    expect(duesOf(state).map(({ key, at, title }) => [key, at, title])).toEqual([
      ['timer room 5000', 5_000, 'Focus is over'],
      ['alarm a1 1000', 1_000, 'Tea'],
      ['alarm a3 3000', 3_000, 'It is 07:30'],
    ])
  })

  it('[S2] has one name here and at the server, so that it rings once', () => {
    const before = studyState({ timer: timer({ state: 'running', ends_at: 5_000, remaining_ms: null }) })
    const rang = { phase: 'focus', at: 5_000, late_ms: 12 } as const
    const after = studyState({ timer: timer({ phase: 'short', rang }) })
    expect(rungOf(after)[0]).toEqual(duesOf(before)[0])
    const set = studyState({ alarms: [alarm(1)] })
    const gone = studyState({ alarms: [alarm(1, { state: 'rang', late_ms: 200 })] })
    expect(rungOf(gone)[0]).toEqual(duesOf(set)[0])
  })
})
