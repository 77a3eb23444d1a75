import { describe, expect, it } from 'vitest'
import type { StreamName } from '@/contract'
import { OrderedLog } from './log'

interface Event {
  stream: StreamName
  seq: number
}

const room = (seq: number): Event => ({ stream: 'room', seq })
const seqs = (events: Event[]) => events.map((event) => event.seq)

/** A small seeded generator, so that a failure can be repeated. */
function random(seed: number): () => number {
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
}

function shuffled<T>(list: T[], next: () => number): T[] {
  const copy = [...list]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
  }
  return copy
}

describe('OrderedLog', () => {
  it('[C1] gives out events in order, each once', () => {
    const log = new OrderedLog<Event>()
    log.begin({ room: 5 })
    expect(seqs(log.push(room(6)))).toEqual([6])
    expect(log.push(room(6))).toEqual([])
    expect(log.push(room(3))).toEqual([])
    expect(log.push(room(8))).toEqual([])
    expect(log.behind).toBe(true)
    expect(seqs(log.push(room(7)))).toEqual([7, 8])
    expect(log.behind).toBe(false)
    expect(log.seqs).toEqual({ room: 8 })
  })

  it('[C1] keeps streams apart', () => {
    const log = new OrderedLog<Event>()
    log.begin({ room: 1, me: 10 })
    expect(log.push({ stream: 'me', seq: 12 })).toEqual([])
    expect(seqs(log.push(room(2)))).toEqual([2])
    expect(seqs(log.push({ stream: 'me', seq: 11 }))).toEqual([11, 12])
    expect(log.seqs).toEqual({ room: 2, me: 12 })
  })

  it('[C1] holds what overtakes the first snapshot', () => {
    const log = new OrderedLog<Event>()
    expect(log.seqs).toBeUndefined()
    expect(log.push(room(8))).toEqual([])
    expect(log.push(room(6))).toEqual([])
    expect(log.behind).toBe(false)
    expect(log.begin({ room: 7 })).toEqual([room(8)])
    expect(log.seqs).toEqual({ room: 8 })
  })

  it('[C1] a snapshot may lie before or after what is known, and may drop a stream', () => {
    const log = new OrderedLog<Event>()
    log.begin({ room: 9, hosts: 4 })
    log.push(room(12))
    expect(log.begin({ room: 3 })).toEqual([])
    expect(log.seqs).toEqual({ room: 3 })
    expect(seqs(log.push(room(4)))).toEqual([4])
    log.begin({ room: 40, hosts: 2 })
    expect(log.behind).toBe(false)
    expect(seqs(log.push({ stream: 'hosts', seq: 3 }))).toEqual([3])
  })

  it('[C1] resuming tells how far behind it is', () => {
    const log = new OrderedLog<Event>()
    log.begin({ room: 2 })
    log.resumed({ room: 4, hosts: 9 })
    expect(log.behind).toBe(true)
    log.push(room(3))
    expect(log.behind).toBe(true)
    log.push(room(4))
    expect(log.behind).toBe(false)
  })

  it('[C1] a new connection forgets what the old one left in the air', () => {
    const log = new OrderedLog<Event>()
    log.begin({ room: 2 })
    log.push(room(5))
    log.forgetHeld()
    expect(log.behind).toBe(false)
    log.resumed({ room: 4 })
    expect(seqs([...log.push(room(3)), ...log.push(room(4))])).toEqual([3, 4])
    expect(log.behind).toBe(false)
  })

  it('[C1] does not hold without bound, and a resume still closes the gap', () => {
    const log = new OrderedLog<Event>()
    log.begin({ room: 0 })
    for (let seq = 2; seq <= 5_000; seq++) log.push(room(seq))
    const given = seqs(log.push(room(1)))
    expect(given.length).toBeLessThan(5_000)
    expect(log.behind).toBe(true)
    for (let seq = given.length + 1; seq <= 5_000; seq++) given.push(...seqs(log.push(room(seq))))
    expect(given).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1))
    expect(log.behind).toBe(false)
  })

  it('[C1] any order, any doubling, any losses with a resume: the same result', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed)
      const streams: StreamName[] = ['room', 'me', 'hosts']
      const all = streams.flatMap((stream) => Array.from({ length: 20 }, (_, i) => ({ stream, seq: i + 1 })))
      const log = new OrderedLog<Event>()
      const given: Event[] = []
      const start = Math.floor(next() * 10)
      const snapshot = { room: start, me: start, hosts: start }
      const arriving = shuffled([...all, ...all.filter(() => next() < 0.3)], next).filter(() => next() > 0.2)
      const when = Math.floor(next() * arriving.length)
      arriving.forEach((event, i) => {
        if (i === when) given.push(...log.begin(snapshot))
        given.push(...log.push(event))
      })
      // The server's answer to `resume`: everything after what was seen, once more shuffled.
      const since = log.seqs!
      log.resumed({ room: 20, me: 20, hosts: 20 })
      for (const event of shuffled(all, next))
        if (event.seq > since[event.stream]!) given.push(...log.push(event))
      for (const stream of streams)
        expect(given.filter((event) => event.stream === stream).map((event) => event.seq)).toEqual(
          Array.from({ length: 20 - start }, (_, i) => start + i + 1),
        )
      expect(log.behind).toBe(false)
      expect(log.seqs).toEqual({ room: 20, me: 20, hosts: 20 })
    }
  })
})
