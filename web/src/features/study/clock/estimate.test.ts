import { describe, expect, it } from 'vitest'
import { chance } from '../moods/draw'
import { delayOf, offsetOf, TimeEstimate, type Exchange } from './estimate'

const DAY = 86_400_000

/** A page whose clock is wrong, on a network that is now quick and now slow, for two hours. */
function page(seed: number) {
  const next = chance(seed)
  const drift = 1 + (next() - 0.5) * 2 * 0.0002
  const ahead = (next() - 0.5) * 2 * DAY
  let real = 1_800_000_000_000
  const local = () => (real - 1_800_000_000_000) * drift + 1_800_000_000_000 + ahead
  // Ways of some milliseconds, some that take a second, and one of both directions is slower.
  const slow = [next() * 60, next() * 60]
  const way = (direction: 0 | 1) =>
    2 + -Math.log(1 - next()) * slow[direction]! + (next() > 0.8 ? next() * 1500 : 0)
  return {
    estimate: new TimeEstimate(local),
    real: () => real,
    pass: (ms: number) => (real += ms),
    exchange: (): Exchange => {
      const asked = local()
      real += way(0)
      const received = Math.floor(real)
      real += next() * 3
      const sent = Math.floor(real)
      real += way(1)
      return { asked, received, sent, came: local() }
    },
  }
}

describe('the server’s time', () => {
  it('[S2] is known to 100 ms by clocks that are a day off and drift by 200 ppm', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { estimate, real, pass, exchange } = page(seed)
      let worst = 0
      for (let round = 0; round < 120; round++) {
        for (let n = 0; n < 8; n++) {
          estimate.take(exchange())
          pass(120)
        }
        for (let step = 0; step < 6; step++) {
          worst = Math.max(worst, Math.abs(estimate.now() - real()))
          pass(10_000)
        }
      }
      expect(worst, `with ${seed}`).toBeLessThanOrEqual(100)
    }
  })

  it('[S2] takes the exchange with the shortest way', () => {
    const estimate = new TimeEstimate(() => 1000)
    estimate.take({ asked: 0, received: 5400, sent: 5400, came: 600 })
    estimate.take({ asked: 700, received: 5710, sent: 5712, came: 722 })
    estimate.take({ asked: 730, received: 6000, sent: 6000, came: 1000 })
    expect(estimate.now()).toBe(6000)
    expect(estimate.error()).toBeLessThan(11)
  })

  it('[S2] goes on after sleep by the device’s clock until it is asked again', () => {
    let local = 0
    const estimate = new TimeEstimate(() => local)
    estimate.take({ asked: 0, received: 1010, sent: 1010, came: 20 })
    local = 500
    estimate.jump(180_000)
    expect(estimate.now()).toBe(181_500)
    estimate.begin()
    expect(estimate.known).toBe(false)
    estimate.take({ asked: 500, received: 181_500, sent: 181_500, came: 500 })
    expect(estimate.now()).toBe(181_500)
  })

  it('[S2] begins anew when the server’s clock was set', () => {
    let local = 0
    const estimate = new TimeEstimate(() => local)
    estimate.take({ asked: 0, received: 1001, sent: 1001, came: 2 })
    local = 10_000
    estimate.take({ asked: 9_000, received: 1_510_500, sent: 1_510_500, came: 10_000 })
    expect(estimate.now()).toBe(1_511_000)
  })

  it('[S2] believes nothing that cannot be', () => {
    const estimate = new TimeEstimate(() => 0)
    estimate.take({ asked: 100, received: 0, sent: 0, came: 50 })
    estimate.take({ asked: 0, received: 100, sent: 50, came: 50 })
    estimate.take({ asked: 0, received: 0, sent: 100, came: 50 })
    expect(estimate.known).toBe(false)
    expect(offsetOf({ asked: 0, received: 110, sent: 112, came: 22 })).toBe(100)
    expect(delayOf({ asked: 0, received: 110, sent: 112, came: 22 })).toBe(20)
  })
})
