import { createPinia, setActivePinia } from 'pinia'
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PollsHostPoll, PollsQuestion } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { useDraft } from './draft'
import { loadKept, saveKept } from './kept'

const hostPoll = (revision: number, title: string): PollsHostPoll => ({
  id: 'q1',
  place: 1024,
  series: 'q1',
  round: 1,
  revision,
  state: 'draft',
  question: { kind: 'single', title, options: [] },
  right: [],
  tally: null,
  hidden: [],
})

describe('a draft that saves itself', () => {
  const poll = shallowRef(hostPoll(0, ''))
  let scope: EffectScope
  let desk: ReturnType<typeof useDraft>
  let sent: { revision: number; question: PollsQuestion }[]
  let answer: () => Promise<{ revision: number }>

  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    poll.value = hostPoll(0, '')
    saveKept('q1', null)
    sent = []
    answer = () => Promise.resolve({ revision: sent.at(-1)!.revision + 1 })
    const room = useRoom()
    room.send = vi.fn((_: string, payload: (typeof sent)[number]) => {
      sent.push(payload)
      return answer()
    }) as unknown as typeof room.send
    scope = effectScope()
    desk = scope.run(() => useDraft(poll))!
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })
  const titles = () => sent.map(({ question }) => question.title)

  it('[V1] letters are saved together, a moment after the last', async () => {
    desk.change({ title: 'T' }, 'title')
    desk.change({ title: 'Te' }, 'title')
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(600)
    expect(titles()).toEqual(['Te'])
    expect(desk.state.value).toBe('saved')
    desk.change({ title: 'Tea' }, 'title')
    await vi.advanceTimersByTimeAsync(600)
    expect(sent.map(({ revision }) => revision)).toEqual([0, 1])
  })

  it('[V1] what is typed while it is being saved follows with the next revision', async () => {
    let settle!: (value: { revision: number }) => void
    answer = () => new Promise((resolve) => (settle = resolve))
    desk.change({ title: 'Tea' })
    await vi.advanceTimersByTimeAsync(600)
    desk.change({ title: 'Tea?' })
    await vi.advanceTimersByTimeAsync(600)
    expect(titles()).toEqual(['Tea'])
    answer = () => Promise.resolve({ revision: 2 })
    settle({ revision: 1 })
    await vi.advanceTimersByTimeAsync(600)
    expect(sent.map(({ revision, question }) => [revision, question.title])).toEqual([
      [0, 'Tea'],
      [1, 'Tea?'],
    ])
  })

  it('[V1] undo and redo, with a word as one step', () => {
    desk.change({ title: 'T' }, 'title')
    desk.change({ title: 'Te' }, 'title')
    desk.change({ anonymous: true })
    desk.undo()
    expect(desk.draft.value).toMatchObject({ title: 'Te', anonymous: false })
    desk.undo()
    expect(desk.draft.value.title).toBe('')
    desk.redo()
    expect(desk.draft.value.title).toBe('Te')
  })

  it('[V1] what another host writes is taken over where nothing is unsaved', async () => {
    poll.value = hostPoll(3, 'Theirs')
    await nextTick()
    expect(desk.draft.value.title).toBe('Theirs')
    desk.change({ title: 'Mine' })
    await vi.advanceTimersByTimeAsync(600)
    expect(sent.at(-1)?.revision).toBe(3)
  })

  it('[V1] when both have written the person decides, and nothing is lost', async () => {
    answer = () => Promise.reject(new Refused('poll_changed', 'Somebody was quicker.'))
    desk.change({ title: 'Mine' })
    await vi.advanceTimersByTimeAsync(600)
    expect(desk.state.value).toBe('conflict')
    poll.value = hostPoll(5, 'Theirs')
    await nextTick()
    expect(desk.draft.value.title).toBe('Mine')
    answer = () => Promise.resolve({ revision: 6 })
    await desk.keepMine()
    expect(sent.at(-1)).toMatchObject({ revision: 5, question: { title: 'Mine' } })
    expect(desk.state.value).toBe('saved')
  })

  it('[V1] whichever is kept, undo brings the other back', async () => {
    desk.change({ title: 'Mine' })
    poll.value = hostPoll(5, 'Theirs')
    await nextTick()
    await desk.keepMine()
    desk.undo()
    expect(desk.draft.value.title).toBe('Theirs')
    desk.redo()
    expect(desk.draft.value.title).toBe('Mine')
  })

  it('[V1] what is not saved yet survives a reload, and is saved then', async () => {
    answer = () => new Promise(() => undefined)
    desk.change({ title: 'Half' })
    await vi.advanceTimersByTimeAsync(600)
    desk.change({ title: 'Half a question' })
    // The first half has arrived, its answer has not.
    answer = () => Promise.resolve({ revision: sent.at(-1)!.revision + 1 })
    poll.value = hostPoll(1, 'Half')
    const again = scope.run(() => useDraft(poll))!
    expect(again.draft.value.title).toBe('Half a question')
    await vi.advanceTimersByTimeAsync(600)
    expect(sent.at(-1)).toMatchObject({ revision: 1, question: { title: 'Half a question' } })
    expect(again.state.value).toBe('saved')
    expect(loadKept('q1')).toBeNull()
  })

  it('[V1] what another host has changed during the reload is a conflict, with all that was typed', () => {
    desk.change({ title: 'Mine' })
    poll.value = hostPoll(4, 'Theirs')
    const again = scope.run(() => useDraft(poll))!
    expect(again.state.value).toBe('conflict')
    expect(again.draft.value.title).toBe('Mine')
  })

  it('[V1] what the server cannot save at the moment is tried again by itself', async () => {
    answer = () => Promise.reject(new Refused('unavailable', 'Not now.', { retryAfter: 2 }))
    desk.change({ title: 'Tea' })
    await vi.advanceTimersByTimeAsync(600)
    expect(desk.state.value).toBe('failed')
    answer = () => Promise.resolve({ revision: 1 })
    await vi.advanceTimersByTimeAsync(2100)
    expect(desk.state.value).toBe('saved')
  })

  it('[V1] theirs can be taken, and undone', async () => {
    desk.change({ title: 'Mine' })
    poll.value = hostPoll(5, 'Theirs')
    await nextTick()
    expect(desk.state.value).toBe('conflict')
    desk.takeTheirs()
    expect(desk.draft.value.title).toBe('Theirs')
    desk.undo()
    expect(desk.draft.value.title).toBe('Mine')
  })
})
