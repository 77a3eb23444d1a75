import type { StudyAlarm, StudySnapshot, StudyTodo, StudyTodoList } from '@/contract'
import type { Fold } from '@/core/fold'
import type { WireEvent } from '@/core/wire'

type Scope = 'room' | 'mine'
/** What the room has and what oneself has alike. */
interface Holding {
  lists: StudyTodoList[]
  todos: StudyTodo[]
  alarms: StudyAlarm[]
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
export const inOrder = (a: StudyTodo, b: StudyTodo): number => a.place - b.place || byId(a, b)
const asMade = (a: StudyTodoList, b: StudyTodoList) => a.created_at - b.created_at || byId(a, b)
const asTheyRing = (a: StudyAlarm, b: StudyAlarm) => a.rings_at - b.rings_at || byId(a, b)

function upsert<T extends { id: string }>(before: T[], news: T[], order: (a: T, b: T) => number): T[] {
  const fresh = new Map(news.map((one) => [one.id, one]))
  const next = before.map((one) => {
    const now = fresh.get(one.id)
    fresh.delete(one.id)
    return now ?? one
  })
  return [...next, ...fresh.values()].sort(order)
}

const without = <T extends { id: string }>(before: T[], gone: string[]): T[] =>
  before.some(({ id }) => gone.includes(id)) ? before.filter(({ id }) => !gone.includes(id)) : before

function holding(
  state: StudySnapshot,
  scope: Scope,
  change: (now: Holding) => Partial<Holding>,
): StudySnapshot {
  if (scope === 'room') return { ...state, ...change(state) }
  return { ...state, own: { ...state.own, ...change(state.own) } }
}

function ofHoldings(state: StudySnapshot, event: WireEvent): StudySnapshot {
  switch (event.type) {
    case 'study.lists_changed': {
      const { scope, lists } = event.data
      return holding(state, scope, (now) => ({ lists: upsert(now.lists, lists, asMade) }))
    }
    case 'study.list_gone': {
      const { scope, list } = event.data
      return holding(state, scope, (now) => ({
        lists: without(now.lists, [list]),
        todos: now.todos.filter((todo) => todo.list !== list),
      }))
    }
    case 'study.todos_changed': {
      const { scope, todos } = event.data
      return holding(state, scope, (now) => ({ todos: upsert(now.todos, todos, inOrder) }))
    }
    case 'study.todos_gone': {
      const { scope, todos } = event.data
      return holding(state, scope, (now) => ({ todos: without(now.todos, todos) }))
    }
    case 'study.alarms_changed': {
      const { scope, alarms } = event.data
      return holding(state, scope, (now) => ({ alarms: upsert(now.alarms, alarms, asTheyRing) }))
    }
    case 'study.alarms_gone': {
      const { scope, alarms } = event.data
      return holding(state, scope, (now) => ({ alarms: without(now.alarms, alarms) }))
    }
    default:
      return state
  }
}

export const study: Fold<StudySnapshot> = {
  apply(state, event) {
    switch (event.type) {
      case 'study.timer_changed': {
        const { timer } = event.data
        if (timer.scope === 'room') return { ...state, timer }
        return { ...state, own: { ...state.own, timer } }
      }
      case 'study.settings_changed':
        return { ...state, settings: event.data.settings }
      case 'study.part_changed':
        return { ...state, own: { ...state.own, part: event.data.part } }
      default:
        return ofHoldings(state, event)
    }
  },
  normalise: (state) => state,
}
