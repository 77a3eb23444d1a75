import type { FloorItem, FloorSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'
import type { WireEvent } from '@/core/wire'

/** How much of the history a fresh snapshot holds. */
const PAST_SHOWN = 50

function upsert(items: FloorItem[], news: FloorItem[], by: (item: FloorItem) => number): FloorItem[] {
  const fresh = new Map(news.map((item) => [item.id, item]))
  const next = items.map((item) => {
    const now = fresh.get(item.id)
    fresh.delete(item.id)
    return now ?? item
  })
  return [...next, ...fresh.values()].sort((a, b) => by(a) - by(b))
}

function without<T extends { id: string }>(items: T[], gone: string[]): T[] {
  return items.some(({ id }) => gone.includes(id)) ? items.filter(({ id }) => !gone.includes(id)) : items
}

const byNumber = (item: FloorItem) => item.number

/** What waits for approval: hosts see all of it, others their own, each by the stream it is told on. */
function waiting(
  state: FloorSnapshot,
  event: WireEvent,
  change: (items: FloorItem[]) => FloorItem[],
): FloorSnapshot {
  if (event.stream === 'me') return { ...state, own: { ...state.own, waiting: change(state.own.waiting) } }
  return state.hosts ? { ...state, hosts: { waiting: change(state.hosts.waiting) } } : state
}

function withVotes(state: FloorSnapshot, change: (voted: string[]) => string[]): FloorSnapshot {
  return { ...state, own: { ...state.own, voted: change(state.own.voted) } }
}

export const floor: Fold<FloorSnapshot> = {
  apply(state, event) {
    switch (event.type) {
      case 'floor.changed':
        return { ...state, items: upsert(state.items, event.data.items, (item) => item.place) }
      case 'floor.gone': {
        const { items, outcome, past } = event.data
        const next = {
          ...state,
          items: without(state.items, items),
          past: past.length ? [...past, ...state.past] : state.past,
        }
        if (outcome === 'answered') return next
        return withVotes(next, (voted) => voted.filter((id) => !items.includes(id)))
      }
      case 'floor.past': {
        const { past, deleted } = event.data
        return withVotes({ ...state, past }, (voted) => voted.filter((id) => !deleted.includes(id)))
      }
      case 'floor.waiting':
        return waiting(state, event, (items) => upsert(items, event.data.items, byNumber))
      case 'floor.waiting_gone':
        return waiting(state, event, (items) => without(items, event.data.items))
      case 'floor.asked_at':
        return { ...state, own: { ...state.own, asked_at: event.data.at } }
      case 'floor.voted': {
        const { item, on } = event.data
        return withVotes(state, (voted) =>
          on ? [...voted.filter((id) => id !== item), item].sort() : voted.filter((id) => id !== item),
        )
      }
      case 'floor.settings':
        return { ...state, settings: event.data.settings }
      default:
        return state
    }
  },
  normalise: (state) =>
    state.past.length > PAST_SHOWN ? { ...state, past: state.past.slice(0, PAST_SHOWN) } : state,
}
