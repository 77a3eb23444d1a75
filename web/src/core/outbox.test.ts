import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox, type Outgoing } from './outbox'
import { TabStore } from './outbox-store'
import { Refused } from './refused'
import type { Ack } from './wire'

interface Given {
  name: string
  payload: Record<string, unknown>
  ack: (answer: Ack) => void
}

function wired(store?: TabStore) {
  const given: Given[] = []
  let kept: Outgoing[] = []
  const outbox = new Outbox({
    emit: (name, payload, ack) => given.push({ name, payload, ack }),
    changed: (now) => (kept = now),
    ...(store ? { store } : {}),
  })
  return { outbox, given, kept: () => kept }
}

const no = (code: string, retry_after?: number): Ack => ({
  ok: false,
  code,
  message: `Refused: ${code}`,
  ...(retry_after === undefined ? {} : { retry_after }),
})

beforeEach(() => {
  vi.useFakeTimers()
  sessionStorage.clear()
})
afterEach(() => vi.useRealTimers())

describe('Outbox', () => {
  it('[C1] waits for the connection, then sends with an id and gives the answer back', async () => {
    const { outbox, given } = wired()
    const answer = outbox.send('people.join', { name: 'Ada' })
    expect(given).toHaveLength(0)
    outbox.open()
    expect(given[0]).toMatchObject({ name: 'people.join', payload: { name: 'Ada' } })
    expect(given[0]!.payload.id).toMatch(/^[A-Za-z0-9_-]{21}$/)
    given[0]!.ack({ ok: true, person: 'p1' })
    expect(await answer).toEqual({ person: 'p1' })
  })

  it('[C1] sends everything unanswered again after a cut, in order, with the same ids, and nothing answered', () => {
    const { outbox, given } = wired()
    outbox.open()
    void outbox.send('chat.pin', { message: 'a', on: true })
    void outbox.send('chat.pin', { message: 'b', on: true })
    void outbox.send('chat.pin', { message: 'c', on: true })
    given[1]!.ack({ ok: true })
    outbox.cut()
    outbox.open()
    const first = given.slice(0, 3).map((one) => one.payload.id)
    expect(given.slice(3).map((one) => one.payload.id)).toEqual([first[0], first[2]])
  })

  it('[C1] an answer that comes twice, or over an old connection, counts once', async () => {
    const { outbox, given } = wired()
    outbox.open()
    const answer = outbox.send('people.join', { name: 'Ada' })
    outbox.cut()
    outbox.open()
    given[1]!.ack({ ok: true, person: 'p1' })
    given[0]!.ack(no('already_joined'))
    given[1]!.ack({ ok: true, person: 'p2' })
    expect(await answer).toEqual({ person: 'p1' })
  })

  it('[C1] asks again when an ack stays away on a living connection', () => {
    const { outbox, given } = wired()
    outbox.open()
    void outbox.send('chat.clear', {})
    vi.advanceTimersByTime(13_000)
    expect(given).toHaveLength(2)
    expect(given[1]!.payload.id).toBe(given[0]!.payload.id)
  })

  it('rejects with the refusal', async () => {
    const { outbox, given } = wired()
    outbox.open()
    const answer = outbox.send('people.join', { name: '' })
    given[0]!.ack({ ok: false, code: 'name_required', message: 'A name is needed.', field: 'name' })
    await expect(answer).rejects.toMatchObject({ code: 'name_required', field: 'name' })
  })

  it('[C1] kept messages go one by one, and a passing refusal lets none overtake', () => {
    const { outbox, given, kept } = wired()
    outbox.open()
    outbox.keep('chat.send', { body: 'one' })
    outbox.keep('chat.send', { body: 'two' })
    expect(given).toHaveLength(1)
    given[0]!.ack(no('rate_limited', 2))
    vi.advanceTimersByTime(1_900)
    expect(given).toHaveLength(1)
    vi.advanceTimersByTime(500)
    expect(given[1]!.payload).toEqual(given[0]!.payload)
    given[1]!.ack({ ok: true, message: 'm1', n: 1 })
    expect(given[2]!.payload.body).toBe('two')
    expect(kept().map((one) => one.state)).toEqual(['done', 'sending'])
  })

  it('[C1] gives up after some tries, says why, and tries again when asked, under a new id', () => {
    const { outbox, given, kept } = wired()
    outbox.open()
    const id = outbox.keep('chat.send', { body: 'hello' })
    for (let tries = 0; tries < 6; tries++) {
      given.at(-1)!.ack(no('unavailable'))
      vi.advanceTimersByTime(10_000)
    }
    expect(given).toHaveLength(6)
    expect(kept()).toMatchObject([{ id, state: 'failed', refused: { code: 'unavailable' } }])
    outbox.retry(id)
    expect(kept()).toMatchObject([{ state: 'sending', payload: { body: 'hello' } }])
    expect(given[6]!.payload.id).not.toBe(id)
  })

  it('[C2] a refusal that speaks of the message fails at once and does not hold up the next', () => {
    const { outbox, given, kept } = wired()
    outbox.open()
    outbox.keep('chat.send', { body: 'one' })
    const second = outbox.keep('chat.send', { body: 'two' })
    given[0]!.ack(no('muted'))
    expect(given[1]!.payload.id).toBe(second)
    expect(kept().map((one) => one.state)).toEqual(['failed', 'sending'])
    outbox.drop(kept()[0]!.id)
    expect(kept()).toHaveLength(1)
  })

  it('[C1] messages survive a reload with their ids; done ones and other commands do not', () => {
    const before = wired(new TabStore('r1'))
    before.outbox.open()
    before.outbox.keep('chat.send', { body: 'done' })
    before.given[0]!.ack({ ok: true, message: 'm1', n: 1 })
    before.outbox.keep('chat.send', { body: 'on its way' })
    before.outbox.keep('chat.send', { body: 'next' })
    void before.outbox.send('chat.clear', {})

    const after = wired(new TabStore('r1'))
    after.outbox.open()
    expect(after.given).toHaveLength(1)
    expect(after.given[0]!.payload).toEqual(before.given[1]!.payload)
    after.given[0]!.ack({ ok: true, message: 'm2', n: 2 })
    expect(after.given[1]!.payload.body).toBe('next')
    expect(wired(new TabStore('r2')).kept()).toEqual([])
  })

  it('a broken or foreign store is no obstacle', () => {
    sessionStorage.setItem('salon.outbox.r1', '[{"id":1},null,{"kept":true}]')
    expect(wired(new TabStore('r1')).kept()).toEqual([])
    sessionStorage.setItem('salon.outbox.r1', '{')
    expect(wired(new TabStore('r1')).kept()).toEqual([])
  })

  it('[R5] the end of the room refuses everything left and forgets it', async () => {
    const { outbox, kept } = wired(new TabStore('r1'))
    outbox.keep('chat.send', { body: 'late' })
    const answer = outbox.send('chat.clear', {})
    outbox.end(new Refused('removed', 'A host has removed you from the room.'))
    await expect(answer).rejects.toMatchObject({ code: 'removed' })
    expect(kept()).toEqual([])
    expect(sessionStorage.length).toBe(0)
  })
})
