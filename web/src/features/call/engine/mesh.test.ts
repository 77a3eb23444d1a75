import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallSaid, CallSay } from '@/contract'
import { FakeConnection } from './fake-connection'
import { Mesh } from './mesh'
import type { Place } from './transport'

const place = (seat: string, epoch = 0, there = true): Place => ({ seat, epoch, there })

/** One page of a call: what it says goes to the others as the server passes it on. */
class Page {
  readonly made: FakeConnection[] = []
  readonly links: string[] = []
  stuck = 0
  readonly mesh: Mesh

  constructor(
    readonly seat: string,
    pass: (word: CallSay, from: Page) => void,
  ) {
    this.mesh = new Mesh(
      {
        say: (word) => pass(word, this),
        incoming: () => undefined,
        link: (seat, state) => this.links.push(`${seat} ${state}`),
        wished: () => undefined,
        paused: () => undefined,
        stuck: () => (this.stuck += 1),
      },
      () => {
        const made = new FakeConnection()
        this.made.push(made)
        return made as unknown as RTCPeerConnection
      },
      () => Date.now(),
    )
  }

  get now(): FakeConnection {
    return this.made.at(-1)!
  }
  become(state: RTCPeerConnectionState): void {
    this.now.become(state)
  }
}

describe('[M8] everybody with everybody', () => {
  let ana: Page
  let ben: Page
  let said: CallSay[]
  let lost: boolean
  let epochs: Record<string, number>

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 })
    // Timers of pages run in a worker where there are any.
    vi.stubGlobal('Worker', undefined)
    said = []
    lost = false
    epochs = { a: 0, b: 0 }
    const pass = (word: CallSay, from: Page) => {
      said.push(word)
      const { link = 0, kind, sdp = null, candidates = null } = word
      const passed: CallSaid = {
        participant: from.seat,
        epoch: epochs[from.seat]!,
        link,
        kind,
        sdp,
        candidates,
      }
      if (!lost) (from === ana ? ben : ana).mesh.hear(passed)
    }
    ana = new Page('a', pass)
    ben = new Page('b', pass)
  })
  afterEach(() => {
    ana.mesh.close()
    ben.mesh.close()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const go = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  async function meet(): Promise<void> {
    ana.mesh.follow(place('a'), [place('b')])
    ben.mesh.follow(place('b'), [place('a')])
    await go(1_000)
    for (const page of [ana, ben]) page.become('connected')
    await go(1_000)
  }

  it('meets with one offer, also when it comes before who says it is known', async () => {
    ana.mesh.follow(place('a'), [place('b')])
    await go(500)
    expect(ben.made).toHaveLength(0)
    ben.mesh.follow(place('b'), [place('a')])
    await go(500)
    expect(said.filter(({ kind }) => kind === 'offer' || kind === 'answer').map(({ kind }) => kind)).toEqual([
      'offer',
      'answer',
    ])
    expect([ana.now.signalingState, ben.now.signalingState]).toEqual(['stable', 'stable'])
  })

  it('restarts once for both when both are in another network', async () => {
    await meet()
    ana.mesh.moved()
    ben.mesh.moved()
    await go(2_000)
    expect([ana.now.restarts, ben.now.restarts]).toEqual([1, 0])
    expect([ana.made.length, ben.made.length]).toEqual([1, 1])
  })

  it('makes another connection when new ways do not help, and drops words for the one before', async () => {
    await meet()
    for (const page of [ana, ben]) page.become('disconnected')
    await go(9_500)
    expect([ana.made.length, ben.made.length]).toEqual([2, 2])
    expect(ana.made[0]!.signalingState).toBe('closed')
    expect(said.at(-1)!.link).toBe(1)
    ana.mesh.hear({ participant: 'b', epoch: 0, link: 0, kind: 'offer', sdp: '{}', candidates: null })
    await go(100)
    for (const page of [ana, ben]) page.become('connected')
    await go(60_000)
    expect([ana.made.length, ben.made.length]).toEqual([2, 2])
    expect(ben.links.at(-1)).toBe('a connected')
  })

  it('begins anew with who has begun anew, and leaves who waits alone', async () => {
    await meet()
    // A cut of the other one: nothing is done, for nobody hears it.
    ana.mesh.follow(place('a'), [place('b', 0, false)])
    ana.become('disconnected')
    await go(60_000)
    expect(ana.made).toHaveLength(1)
    expect(ana.now.restarts).toBe(0)
    epochs.b = 1
    ana.mesh.follow(place('a'), [place('b', 1)])
    ben.mesh.follow(place('b', 1), [place('a')])
    await go(1_000)
    expect([ana.made.length, ben.made.length]).toEqual([2, 2])
    expect([ana.now.signalingState, ben.now.signalingState]).toEqual(['stable', 'stable'])
  })

  it('says that it is stuck when nobody can be reached, and puts everything away at the end', async () => {
    await meet()
    lost = true
    for (const page of [ana, ben]) page.become('failed')
    await go(20_000)
    expect(ana.stuck).toBe(0)
    await go(10_000)
    expect(ana.stuck).toBe(1)
    ana.mesh.follow(place('a'), [])
    expect(ana.made.filter(({ signalingState }) => signalingState !== 'closed')).toEqual([])
  })
})
