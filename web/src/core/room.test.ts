import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Events, Snapshots } from '@/contract'
import { chatState, conversation, message, messages } from '@/features/chat/fixtures'
import { Refused } from './refused'
import { useRoom } from './room'
import type { Listener } from './socket'
import type { Ack, EventType, WireEvent } from './wire'

interface Given {
  name: string
  payload: Record<string, unknown>
  ack?: (answer: Ack) => void
}
const wire = { listener: undefined as Listener | undefined, given: [] as Given[], resumes: 0, closed: false }

vi.mock('./socket', () => ({
  RoomSocket: {
    open: (_link: string, listener: Listener) => {
      wire.listener = listener
      return Promise.resolve({
        emit: (name: string, payload: Record<string, unknown>, ack?: Given['ack']) =>
          wire.given.push({ name, payload, ...(ack ? { ack } : {}) }),
        resume: () => (wire.resumes += 1),
        close: () => (wire.closed = true),
      })
    },
  },
}))

/** Only the features that these tests need: further ones change nothing here. */
const only = (some: Partial<Snapshots>) => some as Snapshots
const features = () =>
  only({
    rooms: {
      url: 'http://127.0.0.1/r/link',
      hosts: null,
      room: {
        id: 'r',
        name: 'Room',
        preset: 'meeting',
        theme: 'linen',
        pin: '123456',
        link: 'link',
        activities: ['chat'],
        capacity: null,
        newcomers: 'participant',
        admission: 'open',
        password: false,
        idle_minutes: 60,
        created_at: 0,
      },
    },
    people: {
      me: 'ada',
      hosts: null,
      people: [
        {
          id: 'ada',
          name: 'Ada',
          about: '',
          picture: null,
          role: 'owner',
          devices: ['desktop'],
          muted: false,
          since: 1,
        },
      ],
    },
    chat: chatState({ room: conversation({ messages: messages(1, 3) }) }),
  })

function event<T extends EventType>(seq: number, type: T, data: Events[T]): WireEvent {
  return { stream: 'room', seq, at: Date.now(), type, data } as WireEvent
}
const sent = (seq: number, n: number) =>
  event(seq, 'chat.sent', { peer: null, peer_name: '', message: message(n) })

async function opened() {
  const room = useRoom()
  room.open('link')
  await vi.advanceTimersByTimeAsync(0)
  await vi.waitFor(() => expect(wire.listener).toBeDefined())
  return { room, listener: wire.listener! }
}
const snapshot = () => ({ features: features(), seqs: { room: 10, me: 1 }, now: 5_000_000 })

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
  sessionStorage.clear()
  Object.assign(wire, { listener: undefined, given: [], resumes: 0, closed: false })
})
afterEach(() => {
  useRoom().close()
  vi.useRealTimers()
})

describe('useRoom', () => {
  it('[R2] from the lobby into the room', async () => {
    const { room, listener } = await opened()
    expect(room.status).toBe('connecting')
    listener.lobby({
      way: 'open',
      name: 'Room',
      preset: 'meeting',
      theme: 'linen',
      people: 1,
      member: false,
      person_name: null,
    })
    expect(room.status).toBe('lobby')
    expect(room.card?.name).toBe('Room')
    const joined = room.send('people.join', { name: 'Ada' })
    wire.given[0]!.ack!({ ok: true, person: 'ada' })
    expect(await joined).toEqual({ person: 'ada' })
    listener.snapshot(snapshot())
    expect(room.status).toBe('live')
    expect(room.me?.name).toBe('Ada')
    expect(room.isHost).toBe(true)
    expect(room.now()).toBeGreaterThanOrEqual(5_000_000)
  })

  it('[C1] folds events in order, tells listeners after that, and asks when a gap stays', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    const told: number[] = []
    room.onEvent('chat.sent', ({ data }) => told.push(data.message.n, room.state.chat!.room.last))
    listener.event(sent(12, 5))
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(1_100)
    expect(wire.resumes).toBe(1)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(wire.resumes).toBe(2)
    listener.resumed({ room: 12 }, 'ada')
    listener.event(sent(11, 4))
    expect(told).toEqual([4, 5, 5, 5])
    expect(room.state.chat!.room.messages.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(wire.resumes).toBe(2)
    expect(listener.since()).toEqual({ room: 12, me: 1 })
  })

  it('[C1] a cut keeps what is seen, and unanswered commands go again', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    const pinned = room.send('chat.pin', { message: 'm1', on: true })
    listener.lost()
    expect(room.status).toBe('reconnecting')
    expect(room.state.chat!.room.messages).toHaveLength(3)
    listener.connecting()
    listener.resumed({ room: 10 }, 'ada')
    expect(room.status).toBe('live')
    expect(wire.given.map(({ payload }) => payload.id)).toEqual([
      wire.given[0]!.payload.id,
      wire.given[0]!.payload.id,
    ])
    wire.given[1]!.ack!({ ok: true })
    await pinned
  })

  it('[C1] numbers that fit by chance when somebody else is signed in by now are not gone on with', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    room.keepLasting('study.tick', { todo: 't1', done: true })
    listener.lost()
    listener.resumed({ room: 10, me: 1 }, 'ben')
    expect(room.status).toBe('reconnecting')
    expect(wire.resumes).toBe(1)
    expect(listener.since()).toBeUndefined()
    wire.given = []
    const others = snapshot()
    listener.snapshot({
      ...others,
      features: { ...others.features, people: { ...others.features.people, me: 'ben' } },
    })
    expect(room.status).toBe('live')
    // What Ada has given is not for Ben to send.
    expect(wire.given).toEqual([])
    expect(room.outgoing).toEqual([])
  })

  it('[C1] a later snapshot takes the place of everything', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    listener.event(sent(11, 4))
    const before = room.generation
    listener.snapshot(snapshot())
    expect(room.state.chat!.room.messages).toHaveLength(3)
    expect(room.generation).toBe(before + 1)
  })

  it('[R5] being sent away is the end', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    const waiting = room.send('chat.clear', {}).catch((error: unknown) => error)
    const asked = room.ask('chat.history', {}).catch((error: unknown) => error)
    listener.signal({ type: 'people.out', from: null, data: { reason: 'banned' } })
    expect(room.status).toBe('ended')
    expect(room.ended?.code).toBe('banned')
    expect(wire.closed).toBe(true)
    expect(await waiting).toMatchObject({ code: 'banned' })
    expect(await asked).toBeInstanceOf(Refused)
    listener.lost()
    expect(room.status).toBe('ended')
  })

  it('[R8] so is the closing of the room, and a refusal to connect', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    listener.event(event(11, 'rooms.closed', { reason: 'idle' }))
    expect(room.ended?.code).toBe('room_closed')
    room.close()
    wire.listener = undefined
    const again = await opened()
    again.listener.refused(new Refused('room_unknown', 'No room has this link.'))
    expect(room.ended).toEqual({ code: 'room_unknown', message: 'No room has this link.' })
  })

  it('[C1] messages that could not be sent wait for the next visit to the room', async () => {
    const { room, listener } = await opened()
    listener.snapshot(snapshot())
    room.keep('chat.send', { body: 'hello' })
    const { id } = wire.given[0]!.payload
    room.close()
    expect(room.outgoing).toEqual([])
    wire.listener = undefined
    wire.given = []
    const again = await opened()
    expect(room.outgoing.map(({ payload }) => payload.body)).toEqual(['hello'])
    again.listener.snapshot(snapshot())
    expect(wire.given[0]!.payload).toEqual({ body: 'hello', id })
  })
})
