import type { StudyTodo } from '@/contract'
import type { Outgoing } from '@/core/outbox'
import { inOrder } from '../state'

/** To-dos as they will be: what the server knows, with what is on its way to it. */
export interface Shown {
  todos: StudyTodo[]
  /** Which of them wait for the server. */
  waiting: ReadonlySet<string>
}

interface Fields {
  todo: string
  list: string
  text: string
  due: string | null
  assignee: string | null
  after: string | null
  done: boolean
  all: boolean
}

/** Where one stands that is put behind another, as the server will say until others come between. */
function placeBehind(
  todos: StudyTodo[],
  list: string,
  after: string | null | undefined,
  self: string,
): number {
  const row = todos.filter((todo) => todo.list === list && todo.id !== self).sort(inOrder)
  if (after === undefined) return (row.at(-1)?.place ?? 0) + 1
  const at = after === null ? 0 : row.findIndex(({ id }) => id === after) + 1
  // Whom it was to stand behind is gone: at the end.
  if (after !== null && at === 0) return (row.at(-1)?.place ?? 0) + 1
  const [before, next] = [row[at - 1], row[at]]
  if (!next) return (before?.place ?? 0) + 1
  return before ? (before.place + next.place) / 2 : next.place - 1
}

function added(todos: StudyTodo[], { payload, at }: Outgoing, me: string | null): StudyTodo[] {
  const { todo, list, text, due = null, assignee = null, after, done } = payload as Partial<Fields>
  if (todo === undefined || list === undefined || todos.some(({ id }) => id === todo)) return todos
  const fresh: StudyTodo = {
    id: todo,
    list,
    text: text ?? '',
    place: placeBehind(todos, list, after, todo),
    due,
    assignee,
    by: me,
    done_at: done ? at : null,
    done_by: done ? me : null,
    created_at: at,
  }
  return [...todos, fresh]
}

function changed(todos: StudyTodo[], { name, payload, at }: Outgoing, me: string | null): StudyTodo[] {
  const { todo: id, list, after = null, done, all } = payload as Partial<Fields>
  const change = (how: (todo: StudyTodo) => StudyTodo) => todos.map((one) => (one.id === id ? how(one) : one))
  switch (name) {
    case 'study.edit': {
      const fields = ['text', 'due', 'assignee'].filter((field) => field in payload)
      return change((one) => ({ ...one, ...Object.fromEntries(fields.map((each) => [each, payload[each]])) }))
    }
    case 'study.tick':
      return change((one) =>
        (one.done_at !== null) === done
          ? one
          : { ...one, done_at: done ? at : null, done_by: done ? me : null },
      )
    case 'study.move':
      return change((one) => ({ ...one, place: placeBehind(todos, one.list, after, one.id) }))
    case 'study.delete':
      return todos.filter((one) => one.id !== id)
    case 'study.clear':
      return todos.filter((one) => one.list !== list || (all !== true && one.done_at === null))
    default:
      return todos
  }
}

const ABOUT_TODOS = /^study\.(add|edit|tick|move|delete|clear)$/

/** What was given out and not answered yet, or answered a moment ago. */
export function withWaiting(todos: StudyTodo[], outgoing: readonly Outgoing[], me: string | null): Shown {
  const ours = outgoing.filter(({ name, state }) => ABOUT_TODOS.test(name) && state !== 'failed')
  if (ours.length === 0) return { todos, waiting: new Set() }
  let next = todos
  const waiting = new Set<string>()
  for (const one of ours) {
    next = one.name === 'study.add' ? added(next, one, me) : changed(next, one, me)
    if (one.state === 'sending') waiting.add(String(one.payload['todo']))
  }
  return { todos: [...next].sort(inOrder), waiting }
}

/** What could not be done, in words: "“Buy bread” could not be added." */
export function failureText({ name, payload }: Outgoing, textOf: (id: string) => string | undefined): string {
  const { text, todo } = payload as Partial<Fields>
  const known = text ?? (todo === undefined ? undefined : textOf(todo))
  const what = known === undefined ? 'A to-do' : `“${known.length > 60 ? `${known.slice(0, 57)}…` : known}”`
  const words: Record<string, string> = {
    'study.add': 'added',
    'study.edit': 'changed',
    'study.tick': 'ticked',
    'study.move': 'moved',
    'study.delete': 'deleted',
  }
  if (name === 'study.clear') return 'The list could not be cleared.'
  return `${what} could not be ${words[name] ?? 'changed'}.`
}
