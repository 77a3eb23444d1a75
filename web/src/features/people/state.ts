import type {
  PeopleChanged,
  PeopleHostsSnapshot,
  PeopleKnock,
  PeoplePerson,
  PeopleSnapshot,
} from '@/contract'
import type { Fold } from '@/core/fold'
import type { WireEvent } from '@/core/wire'

/** In the order in which they came; who came in the same millisecond, by id. */
export function byArrival(a: PeoplePerson, b: PeoplePerson): number {
  return a.since - b.since || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function byKnock(a: PeopleKnock, b: PeopleKnock): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function changed(people: PeoplePerson[], data: PeopleChanged): PeoplePerson[] {
  const news = new Map(data.people.map((person) => [person.id, person]))
  const gone = new Set(data.left)
  let ordered = true
  const next: PeoplePerson[] = []
  for (const person of people) {
    const now = news.get(person.id)
    news.delete(person.id)
    if (gone.has(person.id)) continue
    if (now && now.since !== person.since) ordered = false
    next.push(now ?? person)
  }
  for (const person of news.values()) {
    const last = next.at(-1)
    if (last && byArrival(last, person) > 0) ordered = false
    next.push(person)
  }
  return ordered ? next : next.sort(byArrival)
}

function hosts(state: PeopleHostsSnapshot, event: WireEvent): PeopleHostsSnapshot {
  switch (event.type) {
    case 'people.knocked': {
      const { knock } = event.data
      const others = state.knocks.filter(({ id }) => id !== knock.id)
      // Whoever comes back to the door has the place of before.
      return { ...state, knocks: [...others, knock].sort(byKnock) }
    }
    case 'people.knock_settled': {
      const { knock } = event.data
      return { ...state, knocks: state.knocks.filter(({ id }) => id !== knock) }
    }
    case 'people.removed': {
      const { person } = event.data
      return { ...state, removed: [...state.removed.filter(({ id }) => id !== person.id), person] }
    }
    case 'people.readmitted': {
      const { person } = event.data
      return { ...state, removed: state.removed.filter(({ id }) => id !== person) }
    }
    default:
      return state
  }
}

export const people: Fold<PeopleSnapshot> = {
  apply(state, event) {
    if (event.type === 'people.changed') return { ...state, people: changed(state.people, event.data) }
    if (!state.hosts) return state
    const now = hosts(state.hosts, event)
    return now === state.hosts ? state : { ...state, hosts: now }
  },
  normalise: (state) => state,
}
