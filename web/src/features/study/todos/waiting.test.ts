import { describe, expect, it } from 'vitest'
import type { Outgoing } from '@/core/outbox'
import { todo } from '../fixtures'
import { failureText, withWaiting } from './waiting'

let number = 0
const out = (
  name: string,
  payload: Record<string, unknown>,
  state: Outgoing['state'] = 'sending',
): Outgoing => ({
  id: `c${(number += 1)}`,
  name: name as Outgoing['name'],
  payload,
  at: 5,
  kept: true,
  state,
})
const ids = (todos: { id: string }[]) => todos.map(({ id }) => id)
const known = [todo(1), todo(2), todo(3)]

describe('to-dos that wait', () => {
  it('[S1] are shown as they will be: added, changed, ticked, moved and deleted without a connection', () => {
    const { todos, waiting } = withWaiting(
      known,
      [
        out('study.add', { todo: 'new', list: 'mine', text: 'Bread' }),
        out('study.edit', { todo: 'new', text: 'Two breads', due: '2030-01-01' }),
        out('study.tick', { todo: 't2', done: true }),
        out('study.move', { todo: 'new', after: null }),
        out('study.move', { todo: 't1', after: 't3' }),
        out('study.delete', { todo: 't3' }),
      ],
      null,
    )
    expect(ids(todos)).toEqual(['new', 't2', 't1'])
    expect(todos[0]).toMatchObject({ text: 'Two breads', due: '2030-01-01', list: 'mine' })
    expect(todos[1]!.done_at).toBe(5)
    expect([...waiting].sort()).toEqual(['new', 't1', 't2', 't3'])
  })

  it('[S1] are not there twice when the server has told them already', () => {
    const { todos } = withWaiting(
      known,
      [out('study.add', { todo: 't2', list: 'mine', text: 'x' }, 'done')],
      null,
    )
    expect(todos).toEqual(known)
  })

  it('[S1] a tick that is there already keeps who did it', () => {
    const before = [todo(1, { list: 'room', done_at: 3, done_by: 'ben' })]
    const { todos } = withWaiting(before, [out('study.tick', { todo: 't1', done: true })], 'ana')
    expect(todos[0]).toMatchObject({ done_at: 3, done_by: 'ben' })
  })

  it('[S1] undo brings one back to its old place', () => {
    const { todos } = withWaiting(
      known,
      [
        out('study.delete', { todo: 't2' }),
        out('study.add', { todo: 't2', list: 'mine', text: 'To-do 2', after: 't1', done: false }),
      ],
      null,
    )
    expect(ids(todos)).toEqual(['t1', 't2', 't3'])
  })

  it('[S1] clearing takes what is done on one list only', () => {
    const before = [todo(1, { done_at: 1 }), todo(2), todo(3, { list: 'room', done_at: 1 })]
    expect(ids(withWaiting(before, [out('study.clear', { list: 'mine' })], null).todos)).toEqual(['t2', 't3'])
    expect(ids(withWaiting(before, [out('study.clear', { list: 'mine', all: true })], null).todos)).toEqual([
      't3',
    ])
  })

  it('[S1] what was refused is not shown as done, but told', () => {
    const refused = out('study.add', { todo: 'new', list: 'mine', text: 'Bread' }, 'failed')
    expect(withWaiting(known, [refused], null).todos).toBe(known)
    expect(failureText(refused, () => undefined)).toBe('“Bread” could not be added.')
    expect(failureText(out('study.tick', { todo: 't1' }), () => 'To-do 1')).toBe(
      '“To-do 1” could not be ticked.',
    )
  })
})
