import { computed, type Ref } from 'vue'
import type { Commands, StudyEditTodo, StudyTodo } from '@/contract'
import { newId } from '@/core/ids'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell } from '@/design/toasts'
import { showDone } from '../device'
import { done, useStudy } from '../use-study'
import { withWaiting } from './waiting'

export type Scope = 'room' | 'mine'
/** As many characters as the server takes. */
export const LONGEST_TEXT = 500

/** Whose it is, as the names of the two lists that are always there say. */
export const HOME: Record<Scope, string> = { room: 'room', mine: 'mine' }

/**
 * A list of to-dos as it is shown, with what is on its way to the server, and all that is done with it. Without a
 * connection everything works: it is kept, and sent when there is one.
 */
export function useTodos(scope: Readonly<Ref<Scope>>, list: Readonly<Ref<string>>) {
  const room = useRoom()
  const { state, mayWork, whyNot } = useStudy()
  const known = computed(() => (scope.value === 'room' ? state.value?.todos : state.value?.own.todos) ?? [])
  const me = computed(() => (scope.value === 'room' ? (room.state.people?.me ?? null) : null))
  const all = computed(() => withWaiting(known.value, room.outgoing, me.value))
  const todos = computed(() => all.value.todos.filter((todo) => todo.list === list.value))
  const pending = computed(() => todos.value.filter((todo) => todo.done_at === null))
  const shown = computed(() => (showDone.value ? todos.value : pending.value))
  const may = computed(() => scope.value === 'mine' || mayWork.value)

  function keep<N extends keyof Commands>(name: N, payload: Commands[N]['payload']): string {
    return scope.value === 'mine' ? room.keepOwn(name, payload) : room.keepLasting(name, payload)
  }

  function add(text: string): void {
    keep('study.add', { todo: newId(), list: list.value, text })
  }

  /** Back as it was, where it was. */
  function putBack(todo: StudyTodo, after: string | null): void {
    const { id, list: of, text, due, assignee, done_at } = todo
    keep('study.add', { todo: id, list: of, text, due, assignee, after, done: done_at !== null })
  }

  function remove(todo: StudyTodo): void {
    const at = todos.value.findIndex(({ id }) => id === todo.id)
    const after = todos.value[at - 1]?.id ?? null
    keep('study.delete', { todo: todo.id })
    const name = todo.text.length > 40 ? `${todo.text.slice(0, 38)}…` : todo.text
    tell(`“${name}” is deleted.`, { action: { label: 'Undo', run: () => putBack(todo, after) } })
  }

  async function clear(everything: boolean): Promise<void> {
    const many = everything ? todos.value.length : todos.value.length - pending.value.length
    const { yes } = await ask({
      title: everything ? 'Clear the list?' : 'Clear what is done?',
      text:
        (many === 1 ? 'One to-do is deleted' : `${many.toLocaleString()} to-dos are deleted`) +
        (scope.value === 'room' ? ' for everyone.' : '.'),
      action: everything ? 'Clear the list' : 'Clear what is done',
      danger: true,
    })
    if (yes) keep('study.clear', { list: list.value, all: everything })
  }

  return {
    todos,
    shown,
    pending,
    may,
    why: computed(() => (scope.value === 'mine' ? '' : whyNot.value)),
    waiting: computed(() => all.value.waiting),
    percent: computed(() =>
      todos.value.length === 0
        ? 0
        : Math.round(((todos.value.length - pending.value.length) / todos.value.length) * 100),
    ),
    add,
    remove,
    clear,
    tick: (todo: StudyTodo, ticked: boolean) => keep('study.tick', { todo: todo.id, done: ticked }),
    edit: (todo: StudyTodo, change: Omit<StudyEditTodo, 'todo'>) =>
      keep('study.edit', { todo: todo.id, ...change }),
    move: (id: string, after: string | null) => keep('study.move', { todo: id, after }),
    addList: (id: string, name: string) =>
      done(room.send('study.add_list', { scope: scope.value, list: id, name })),
    renameList: (id: string, name: string) => done(room.send('study.rename_list', { list: id, name })),
    deleteList: (id: string) => done(room.send('study.delete_list', { list: id })),
  }
}
export type Todos = ReturnType<typeof useTodos>
