import { describe, expect, it } from 'vitest'
import { Ladder, type Seen, type Step } from './ladder'

const there: Seen = { connected: true, failed: false, ready: true, waits: false, besides: 0 }
const lost: Seen = { ...there, connected: false }

/** Looks twice a second; what was done, with the seconds at which. */
function during(ladder: Ladder, seen: Seen, from: number, seconds: number): [number, Step][] {
  const done: [number, Step][] = []
  for (let at = from * 1_000; at < (from + seconds) * 1_000; at += 500) {
    const step = ladder.look(seen, at)
    if (step !== 'nothing') done.push([at / 1_000, step])
  }
  return done
}

describe('[M8] what is done about a connection that is lost', () => {
  it('looks for new ways, then makes new connections, ever more seldom', () => {
    const ladder = new Ladder(false)
    expect(during(ladder, there, 0, 5)).toEqual([])
    expect(during(ladder, lost, 5, 60)).toEqual([
      [7, 'restart'],
      [13, 'renew'],
      [21, 'renew'],
      [37, 'renew'],
    ])
    expect(during(ladder, there, 65, 5)).toEqual([])
    expect(during(ladder, lost, 70, 3)).toEqual([[72, 'restart']])
  })

  it('gives a machine time that is busy with others', () => {
    const busy = { ...lost, besides: 5 }
    expect(during(new Ladder(false), busy, 0, 40)).toEqual([
      [10, 'restart'],
      [22, 'renew'],
      [36, 'renew'],
    ])
    const ladder = new Ladder(false)
    during(ladder, there, 0, 5)
    expect(during(ladder, busy, 5, 5)).toEqual([[9, 'restart']])
  })

  it('waits while no words can be sent, and does not when they can again', () => {
    const ladder = new Ladder(false)
    during(ladder, there, 0, 5)
    expect(during(ladder, { ...lost, ready: false }, 5, 60)).toEqual([])
    expect(during(ladder, lost, 65, 3)).toEqual([[65, 'restart']])
    const polite = new Ladder(true)
    during(polite, there, 0, 5)
    during(polite, { ...lost, ready: false }, 5, 60)
    expect(during(polite, lost, 65, 3)).toEqual([])
  })

  it('leaves the first step to the other one when it is polite', () => {
    const [rude, polite] = [new Ladder(false), new Ladder(true)]
    for (const ladder of [rude, polite]) during(ladder, there, 0, 5)
    const first = (ladder: Ladder) => during(ladder, lost, 5, 10)[0]
    expect([first(rude), first(polite)]).toEqual([
      [7, 'restart'],
      [8, 'restart'],
    ])
  })

  it('restarts once for a change of networks, as soon as words can be sent', () => {
    const ladder = new Ladder(true)
    during(ladder, there, 0, 5)
    ladder.moved()
    ladder.moved()
    expect(during(ladder, { ...there, ready: false }, 5, 5)).toEqual([])
    expect(during(ladder, there, 10, 10)).toEqual([[10, 'restart']])
  })

  it('does not take a connection that is being made for one that has moved', () => {
    const ladder = new Ladder(false)
    ladder.moved()
    expect(during(ladder, lost, 0, 3)).toEqual([])
  })

  it('says an offer again that nobody has answered, ever more seldom', () => {
    const ladder = new Ladder(false)
    during(ladder, there, 0, 5)
    expect(during(ladder, { ...there, waits: true }, 5, 60)).toEqual([
      [7.5, 'again'],
      [12.5, 'again'],
      [22.5, 'again'],
      [42.5, 'again'],
      [62.5, 'again'],
    ])
    during(ladder, there, 65, 1)
    expect(during(ladder, { ...there, waits: true }, 66, 3)).toEqual([[68.5, 'again']])
  })

  it('goes on at once when the browser has given up', () => {
    const ladder = new Ladder(false)
    during(ladder, there, 0, 5)
    expect(during(ladder, { ...lost, failed: true }, 5, 2)).toEqual([[5, 'restart']])
  })
})
