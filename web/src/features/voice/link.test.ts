import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { VoiceCall, VoiceHeard, VoiceSay } from '@/contract'
import type { Word } from './ends'
import { CallLink, type LinkEnd, type LinkState } from './link'

interface Fake extends LinkEnd {
  heard: Word[]
  restarts: number
  closed: boolean
  servers: RTCIceServer[]
  say: (word: Word) => void
  tell: (state: RTCPeerConnectionState) => void
}

const call = (epoch: number, state: VoiceCall['state'] = 'live') => ({ id: 'c', epoch, state }) as VoiceCall
const word = (epoch: number, said: string): VoiceHeard => ({
  call: 'c',
  epoch,
  kind: 'offer',
  said,
  mid: null,
})

describe('one call as a page has an end of it', () => {
  let made: Fake[]
  let sent: VoiceSay[]
  let states: LinkState[]
  let able: boolean
  let online: boolean
  let link: CallLink<Fake>
  let answer: () => Promise<Response>

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 })
    ;[made, sent, states, able, online] = [[], [], [], true, true]
    answer = () => Promise.resolve(Response.json({ servers: [{ urls: ['turn:a'] }], expires_at: 3_600_000 }))
    vi.stubGlobal(
      'fetch',
      vi.fn(() => answer()),
    )
    link = begin()
  })
  afterEach(() => {
    link.close()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const begin = () =>
    new CallLink<Fake>('c', {
      make: (servers, say, tell) => {
        if (!able) return null
        const end: Fake = {
          heard: [],
          restarts: 0,
          closed: false,
          servers,
          say,
          tell,
          hear: (each) => void end.heard.push(each),
          serve: (to) => (end.servers = to),
          restart: () => (end.restarts += 1),
          close: () => (end.closed = true),
        }
        made.push(end)
        return end
      },
      signal: (each) => sent.push(each),
      ready: () => online,
      now: Date.now,
      told: (state) => states.push(state),
    })
  const settle = () => vi.advanceTimersByTimeAsync(1)

  it('[F8] begins anew with each epoch, and says nothing more of the one before', async () => {
    link.follow(call(0, 'ringing'))
    await settle()
    expect(made).toHaveLength(0)
    link.follow(call(1))
    await settle()
    link.follow(call(1))
    expect(made).toHaveLength(1)
    // The other end is lost: what is connected goes on.
    link.follow(call(1, 'reconnecting'))
    expect(made[0]!.closed).toBe(false)
    link.follow(call(2))
    await settle()
    expect(made).toHaveLength(2)
    expect(made[0]!.closed).toBe(true)
    for (const end of made) end.say({ kind: 'candidate', said: 'x', mid: '0' })
    expect(sent.map(({ epoch }) => epoch)).toEqual([2])
    made[0]!.tell('failed')
    expect(link.state).toBe('none')
  })

  it('[F8] keeps words that come before the end that they are for, and drops those of the past', async () => {
    link.follow(call(1))
    link.hear(word(1, 'early'))
    link.hear(word(2, 'of the next'))
    link.hear({ ...word(1, 'of another call'), call: 'd' })
    await settle()
    link.hear(word(1, 'late'))
    expect(made[0]!.heard.map(({ said }) => said)).toEqual(['early', 'late'])
    link.follow(call(2))
    await settle()
    link.hear(word(1, 'of the past'))
    expect(made[1]!.heard.map(({ said }) => said)).toEqual(['of the next'])
  })

  it('[F8] waits for a microphone', async () => {
    able = false
    link.follow(call(1))
    await settle()
    expect(link.end).toBeNull()
    able = true
    await link.begin()
    await link.begin()
    expect(made).toHaveLength(1)
  })

  it('[F8] tries again while there is no connection, when the network changes and when the page is seen', async () => {
    link.follow(call(1))
    await settle()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(made[0]!.restarts).toBe(1)
    made[0]!.tell('connected')
    await vi.advanceTimersByTimeAsync(60_000)
    document.dispatchEvent(new Event('visibilitychange'))
    expect(made[0]!.restarts).toBe(1)
    window.dispatchEvent(new Event('online'))
    expect(made[0]!.restarts).toBe(2)
    online = false
    window.dispatchEvent(new Event('online'))
    expect(made[0]!.restarts).toBe(2)
    online = true
    made[0]!.tell('disconnected')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(made[0]!.restarts).toBe(3)
    expect(states).toEqual(['connected', 'disconnected'])
  })

  it('[M9] has its servers, and new ones before their credentials run out', async () => {
    link.follow(call(1))
    await settle()
    expect(made[0]!.servers).toEqual([{ urls: ['turn:a'] }])
    answer = () => Promise.resolve(Response.json({ servers: [{ urls: ['turn:b'] }], expires_at: 7_200_000 }))
    await vi.advanceTimersByTimeAsync(54 * 60_000)
    expect(made[0]!.servers).toEqual([{ urls: ['turn:a'] }])
    await vi.advanceTimersByTimeAsync(2 * 60_000)
    expect(made[0]!.servers).toEqual([{ urls: ['turn:b'] }])
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  it('[M9] goes on without servers when there is no answer, and takes them when there is', async () => {
    link.close()
    answer = () => Promise.reject(new TypeError('no network'))
    link = begin()
    link.follow(call(1))
    await settle()
    expect(made[0]!.servers).toEqual([])
    answer = () => Promise.resolve(Response.json({ servers: [{ urls: ['turn:a'] }] }))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(made[0]!.servers).toEqual([{ urls: ['turn:a'] }])
    expect(made[0]!.restarts).toBeGreaterThan(0)
    // Without credentials nothing expires, and nothing is asked for again.
    const asked = vi.mocked(fetch).mock.calls.length
    await vi.advanceTimersByTimeAsync(600_000)
    expect(fetch).toHaveBeenCalledTimes(asked)
  })

  it('is over when it is closed', async () => {
    link.follow(call(1))
    await settle()
    link.close()
    link.follow(call(2))
    window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(4_000_000)
    expect(made).toHaveLength(1)
    expect([made[0]!.closed, made[0]!.restarts]).toEqual([true, 0])
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})
