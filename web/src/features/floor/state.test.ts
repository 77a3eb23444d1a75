import { describe, expect, it } from 'vitest'
import type { EventOf, EventType, WireEvent } from '@/core/wire'
import { floorState, item } from './fixtures'
import { floor } from './state'

const event = <T extends EventType>(
  type: T,
  data: EventOf<T>['data'],
  stream: 'room' | 'me' | 'hosts' = 'room',
) => ({ stream, seq: 1, at: 1, type, data }) as unknown as WireEvent
const ids = (items: { id: string }[]) => items.map(({ id }) => id)
const apply = (state = floorState(), ...events: WireEvent[]) =>
  events.reduce((before, one) => floor.apply(before, one, 'me'), state)

describe('the floor', () => {
  it('[F1] everything stands in the order of its place, whatever comes first', () => {
    const state = apply(
      floorState({ items: [item(1), item(2)] }),
      event('floor.changed', { items: [item(3, { place: 1500 }), item(1, { place: 9000 })] }),
    )
    expect(ids(state.items)).toEqual(['i3', 'i2', 'i1'])
  })

  it('[F4] what was answered stands in the history and keeps its votes', () => {
    const past = {
      id: 'i1',
      number: 1,
      kind: 'text',
      body: 'question 1',
      person: 'p1',
      name: 'P',
      votes: 1,
      at: 9,
    } as const
    const before = floorState({ items: [item(1), item(2)], own: { waiting: [], voted: ['i1'], asked_at: 0 } })
    const state = apply(before, event('floor.gone', { items: ['i1'], outcome: 'answered', past: [past] }))
    expect(ids(state.items)).toEqual(['i2'])
    expect(ids(state.past)).toEqual(['i1'])
    expect(state.own.voted).toEqual(['i1'])
    const gone = apply(before, event('floor.gone', { items: ['i1'], outcome: 'deleted', past: [] }))
    expect(gone.own.voted).toEqual([])
  })

  it('[F4] what waits for approval is told to its author and to hosts, each for themselves', () => {
    const told = event('floor.waiting', { items: [item(4)] }, 'me')
    expect(ids(apply(floorState(), told).own.waiting)).toEqual(['i4'])
    const host = floorState({ hosts: { waiting: [] } })
    const seen = apply(host, event('floor.waiting', { items: [item(4)] }, 'hosts'))
    expect(ids(seen.hosts!.waiting)).toEqual(['i4'])
    expect(apply(seen, event('floor.waiting_gone', { items: ['i4'] }, 'hosts')).hosts!.waiting).toEqual([])
  })

  it('[F4] a vote is told to who gave it', () => {
    const state = apply(floorState(), event('floor.voted', { item: 'i2', on: true }, 'me'))
    expect(state.own.voted).toEqual(['i2'])
    expect(apply(state, event('floor.voted', { item: 'i2', on: false }, 'me')).own.voted).toEqual([])
  })

  it('another feature’s event changes nothing', () => {
    const state = floorState()
    expect(apply(state, event('rooms.closed', { reason: 'owner' }))).toBe(state)
  })

  it('[F1] a fresh snapshot holds the last fifty that were answered', () => {
    const past = Array.from({ length: 60 }, (_, at) => ({ ...item(at + 1), at }))
    expect(floor.normalise(floorState({ past })).past).toHaveLength(50)
  })
})
