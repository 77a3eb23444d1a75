import { describe, expect, it } from 'vitest'
import { timer } from '../fixtures'
import {
  ago,
  digits,
  dotsOf,
  lengthFrom,
  phaseAfter,
  remaining,
  secondsLeft,
  shortSpan,
  spoken,
  untilNext,
} from './timer'

describe('the timer', () => {
  it('[S2] counts down by the server’s clock, and shows nothing below nothing', () => {
    const running = timer({ state: 'running', ends_at: 100_000, remaining_ms: null })
    expect(remaining(running, 40_000)).toBe(60_000)
    expect(remaining(running, 100_500)).toBe(0)
    expect(remaining(timer({ state: 'paused', ends_at: null, remaining_ms: 7_000 }), 1e12)).toBe(7_000)
  })

  it('[S2] shows another second exactly when one is over', () => {
    for (const ms of [1, 999, 1000, 1001, 59_999, 60_000, 1_500_000]) {
      const next = untilNext(ms)
      expect(next).toBeGreaterThan(0)
      expect(next).toBeLessThanOrEqual(1000)
      expect(secondsLeft(ms - next)).toBe(secondsLeft(ms) - 1)
      expect(secondsLeft(ms - next + 1)).toBe(secondsLeft(ms))
    }
    // A timer that fires a little early asks again for the little that is left, and not for a whole second more.
    expect(untilNext(5000.25)).toBe(0.25)
    expect(untilNext(0)).toBe(Infinity)
  })

  it('[S2] writes times to be seen, and to be heard', () => {
    expect([0, 59, 60, 1500, 3599, 3600, 3905].map(digits)).toEqual([
      '0:00',
      '0:59',
      '1:00',
      '25:00',
      '59:59',
      '1:00:00',
      '1:05:05',
    ])
    expect([0, 1, 90, 1500, 3905].map(spoken)).toEqual([
      '0 seconds',
      '1 second',
      '1 minute 30 seconds',
      '25 minutes',
      '1 hour 5 minutes',
    ])
    expect([ago(900), ago(59_000), ago(170_000), ago(3_600_000), ago(86_400_000 * 3)]).toEqual([
      '1 second ago',
      '59 seconds ago',
      '3 minutes ago',
      '1 hour ago',
      '3 days ago',
    ])
    expect([0, 2_700_000, 3_600_000, 7_500_000].map(shortSpan)).toEqual([
      '0 min',
      '45 min',
      '1 h',
      '2 h 5 min',
    ])
  })

  it('[S2] knows what is next, and how far a round is', () => {
    expect(phaseAfter(timer({ cycle: 0 }))).toBe('short')
    expect(phaseAfter(timer({ cycle: 3 }))).toBe('long')
    expect(phaseAfter(timer({ phase: 'long', cycle: 0 }))).toBe('focus')
    const plain = timer()
    expect(phaseAfter({ ...plain, lengths: { ...plain.lengths, breaks: false } })).toBe('focus')
    expect(dotsOf(timer({ cycle: 2 }))).toEqual(['done', 'done', 'now', 'ahead'])
    expect(dotsOf(timer({ cycle: 2, phase: 'short' }))).toEqual(['done', 'done', 'ahead', 'ahead'])
  })

  it('[S2] takes minutes and seconds, and nothing else', () => {
    expect(lengthFrom('25', '')).toBe(1_500_000)
    expect(lengthFrom('', '90')).toBeUndefined()
    expect(lengthFrom('1', '30')).toBe(90_000)
    expect(lengthFrom('1440', '0')).toBe(86_400_000)
    for (const [m, s] of [
      ['0', '0'],
      ['-1', '0'],
      ['1440', '1'],
      ['2.5', '0'],
      ['x', '0'],
      ['', ''],
      ['1e9', '0'],
    ])
      expect(lengthFrom(m!, s!)).toBeUndefined()
  })
})
