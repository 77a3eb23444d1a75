import { describe, expect, it } from 'vitest'
import type { EventOf, EventType, WireEvent } from '@/core/wire'
import { alarm, studyState, timer, todo } from './fixtures'
import { study } from './state'

const event = <T extends EventType>(type: T, data: EventOf<T>['data'], stream: 'room' | 'me' = 'room') =>
  ({ stream, seq: 1, at: 1, type, data }) as unknown as WireEvent
const apply = (state = studyState(), ...events: WireEvent[]) =>
  events.reduce((before, one) => study.apply(before, one, 'me'), state)
const ids = (list: { id: string }[]) => list.map(({ id }) => id)

describe('study', () => {
  it('[S1] to-dos stand in the order of their places, the room’s and one’s own apart', () => {
    const state = apply(
      studyState({ todos: [todo(1), todo(2)] }),
      event('study.todos_changed', {
        scope: 'room',
        todos: [todo(3, { place: 1.5 }), todo(1, { place: 9 })],
      }),
      event('study.todos_changed', { scope: 'mine', todos: [todo(7)] }, 'me'),
    )
    expect(ids(state.todos)).toEqual(['t3', 't2', 't1'])
    expect(ids(state.own.todos)).toEqual(['t7'])
    const after = apply(state, event('study.todos_gone', { scope: 'room', todos: ['t2', 'no'] }))
    expect(ids(after.todos)).toEqual(['t3', 't1'])
    expect(after.own).toBe(state.own)
  })

  it('[S1] a list that is gone takes its to-dos along', () => {
    const list = { id: 'l1', name: 'Chapter 2', created_at: 1 }
    const state = apply(
      studyState({ todos: [todo(1, { list: 'room' }), todo(2, { list: 'l1' })] }),
      event('study.lists_changed', { scope: 'room', lists: [list] }),
    )
    expect(state.lists).toEqual([list])
    const after = apply(state, event('study.list_gone', { scope: 'room', list: 'l1' }))
    expect([after.lists, ids(after.todos)]).toEqual([[], ['t1']])
  })

  it('[S2] each timer is told apart, and what was told twice changes nothing', () => {
    const mine = timer({ scope: 'mine', revision: 4 })
    const state = apply(studyState(), event('study.timer_changed', { timer: mine }, 'me'))
    expect([state.own.timer.revision, state.timer.revision]).toEqual([4, 0])
    expect(apply(state, event('study.timer_changed', { timer: mine }, 'me'))).toEqual(state)
  })

  it('[S3] alarms stand in the order in which they ring', () => {
    const state = apply(
      studyState({ alarms: [alarm(2)] }),
      event('study.alarms_changed', {
        scope: 'room',
        alarms: [alarm(1), alarm(2, { rings_at: 1, state: 'rang' })],
      }),
    )
    expect(ids(state.alarms)).toEqual(['a2', 'a1'])
    expect(apply(state, event('study.alarms_gone', { scope: 'room', alarms: ['a2'] })).alarms).toHaveLength(1)
  })

  it('[S5] whether one takes part is one’s own', () => {
    const part = { on: true, board: false, zone: 'Asia/Kolkata', records: 3 }
    expect(apply(studyState(), event('study.part_changed', { part }, 'me')).own.part).toEqual(part)
  })
})
