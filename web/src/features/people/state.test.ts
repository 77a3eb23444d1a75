import { describe, expect, it } from 'vitest'
import type { Events, PeoplePerson, PeopleSnapshot } from '@/contract'
import type { EventType, WireEvent } from '@/core/wire'
import { people } from './state'

const person = (id: string, since: number, more: Partial<PeoplePerson> = {}): PeoplePerson => ({
  id,
  name: id,
  about: '',
  role: 'participant',
  devices: ['desktop'],
  picture: null,
  muted: false,
  since,
  ...more,
})

function event<T extends EventType>(type: T, data: Events[T]): WireEvent {
  return { stream: 'room', seq: 1, at: 0, type, data } as WireEvent
}

const apply = (state: PeopleSnapshot, one: WireEvent) => people.apply(state, one, 'a')
const ids = (state: PeopleSnapshot) => state.people.map(({ id }) => id)

describe('people', () => {
  const start: PeopleSnapshot = { me: 'a', people: [person('a', 10), person('c', 20)], hosts: null }

  it('[P3] people come, change and go, in the order of their coming', () => {
    let state = apply(
      start,
      event('people.changed', { people: [person('d', 30), person('b', 20)], joined: ['d', 'b'], left: [] }),
    )
    expect(ids(state)).toEqual(['a', 'b', 'c', 'd'])
    state = apply(
      state,
      event('people.changed', { people: [person('c', 20, { muted: true })], joined: [], left: ['a'] }),
    )
    expect(ids(state)).toEqual(['b', 'c', 'd'])
    expect(state.people[1]!.muted).toBe(true)
    state = apply(state, event('people.changed', { people: [person('b', 90)], joined: ['b'], left: [] }))
    expect(ids(state)).toEqual(['c', 'd', 'b'])
  })

  it('[P3] who did not change stays the same object', () => {
    const state = apply(
      start,
      event('people.changed', { people: [person('z', 99)], joined: ['z'], left: [] }),
    )
    expect(state.people[0]).toBe(start.people[0])
  })

  it('[R5] hosts see who knocks and who was removed; others do not', () => {
    const knock = { id: 'k', name: 'Kim', about: '', at: 1 }
    const gone = { id: 'x', name: 'Max', banned: false, at: 2 }
    expect(apply(start, event('people.knocked', { knock }))).toBe(start)
    let state: PeopleSnapshot = { ...start, hosts: { knocks: [], removed: [] } }
    state = apply(state, event('people.knocked', { knock }))
    state = apply(state, event('people.removed', { person: gone, messages_deleted: false }))
    expect(state.hosts).toEqual({ knocks: [knock], removed: [gone] })
    state = apply(state, event('people.knock_settled', { knock: 'k', outcome: 'declined' }))
    state = apply(state, event('people.readmitted', { person: 'x' }))
    expect(state.hosts).toEqual({ knocks: [], removed: [] })
  })

  it('[R4] whoever comes back to the door has the place of before', () => {
    const [kim, lou, max] = ['kim', 'lou', 'max'].map((id, at) => ({ id, name: id, about: '', at }))
    let state: PeopleSnapshot = { ...start, hosts: { knocks: [kim!, lou!, max!], removed: [] } }
    state = apply(state, event('people.knock_settled', { knock: 'lou', outcome: 'left' }))
    expect(state.hosts?.knocks).toEqual([kim, max])
    state = apply(state, event('people.knocked', { knock: lou! }))
    expect(state.hosts?.knocks).toEqual([kim, lou, max])
  })

  it('[P3] a thousand people who come and go in a hundred steps take no time', () => {
    let state = start
    const began = performance.now()
    for (let step = 0; step < 100; step++) {
      const come = Array.from({ length: 10 }, (_, i) => person(`p${step}-${i}`, 100 + step))
      state = apply(state, event('people.changed', { people: come, joined: [], left: [] }))
    }
    expect(state.people).toHaveLength(1002)
    expect(performance.now() - began).toBeLessThan(500)
  })
})
