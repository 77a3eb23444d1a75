import { describe, expect, it } from 'vitest'
import type { ChatMessage } from '@/contract'
import type { WireEvent } from '@/core/wire'
import { chatState, conversation, event, message, messages, reaction } from './fixtures'
import { chat, type ChatState } from './state'

const apply = (state: ChatState, ...events: WireEvent[]) =>
  events.reduce((before, one) => chat.apply(before, one, 'ada'), state)
const sent = (one: ChatMessage, peer: string | null = null, peer_name = '') =>
  event('chat.sent', { peer, peer_name, message: one })
const start = chatState({ room: conversation({ messages: messages(1, 5) }) })

describe('chat', () => {
  it('[C1] messages are appended, and do not count as read unless they are own', () => {
    let state = apply(start, sent(message(6)))
    expect(state.room).toMatchObject({ last: 6, read: 0 })
    expect(state.room.messages).toHaveLength(6)
    state = apply(state, sent(message(7, { author: 'ada' })))
    expect(state.room).toMatchObject({ last: 7, read: 7 })
    expect(apply(state, sent(message(7))).room.messages).toHaveLength(7)
  })

  it('[C3] a first direct message opens its conversation, a new one moves it to the front', () => {
    let state = apply(start, sent(message(1), 'bob', 'Bob'))
    state = apply(state, sent(message(1, { author: 'ada' }), 'eve', 'Eve'))
    expect(state.direct.map(({ peer }) => peer)).toEqual(['eve', 'bob'])
    expect(state.direct[0]).toMatchObject({ peer_name: 'Eve', last: 1, read: 1, cleared: 0 })
    state = apply(state, sent(message(2), 'bob', 'Bobby'))
    expect(state.direct.map(({ peer_name }) => peer_name)).toEqual(['Bobby', 'Eve'])
    expect(state.direct[0]!.messages.map(({ n }) => n)).toEqual([1, 2])
    expect(state.room).toBe(start.room)
  })

  it('[C2] an edit changes the message, what quotes it, and the pins', () => {
    const quoting = message(6, { reply_to: { message: 'm2', name: 'Bob', excerpt: 'Message 2' } })
    const pin = { ...message(2), pinned: true }
    const before = apply({ ...start, pins: [pin] }, sent(quoting))
    const state = apply(
      before,
      event('chat.edited', {
        peer: null,
        message: 'm2',
        body: 'New',
        excerpt: 'New',
        mentions: ['ada'],
        edited_at: 9,
      }),
    )
    expect(state.room.messages[1]).toMatchObject({ body: 'New', edited_at: 9, mentions: ['ada'] })
    expect(state.room.messages[5]!.reply_to!.excerpt).toBe('New')
    expect(state.pins[0]).toMatchObject({ body: 'New', pinned: true })
    expect(state.room.messages[0]).toBe(before.room.messages[0])
  })

  it('[C2] deleting empties messages and quotes and unpins', () => {
    const quoting = message(6, { reply_to: { message: 'm2', name: 'Bob', excerpt: 'Message 2' } })
    const full = message(2, { pinned: true, mentions: ['ada'], reactions: [reaction('👍', 1)] })
    const before = chatState({
      room: conversation({ messages: [message(1), full, quoting] }),
      pins: [full, { ...quoting, pinned: true }],
    })
    const state = apply(before, event('chat.deleted', { peer: null, messages: ['m2'] }))
    expect(state.room.messages[1]).toMatchObject({ body: null, reactions: [], mentions: [], pinned: false })
    expect(state.room.messages[2]!.reply_to).toEqual({ message: 'm2', name: 'Bob', excerpt: null })
    expect(state.pins.map(({ id }) => id)).toEqual(['m6'])
    expect(state.pins[0]!.reply_to!.excerpt).toBeNull()
  })

  it('[C2] reactions are counted in the order of their first coming, and own ones are known', () => {
    const react = (emoji: string, count: number, person: string, on: boolean) =>
      event('chat.reacted', { peer: null, message: 'm3', emoji, count, person, on })
    let state = apply(
      start,
      react('👍', 1, 'bob', true),
      react('🎉', 1, 'ada', true),
      react('👍', 2, 'ada', true),
    )
    expect(state.room.messages[2]!.reactions).toEqual([reaction('👍', 2, true), reaction('🎉', 1, true)])
    state = apply(state, react('👍', 1, 'bob', false), react('🎉', 0, 'ada', false))
    expect(state.room.messages[2]!.reactions).toEqual([reaction('👍', 1, true)])
  })

  it('[C2] pins stand in the order of the chat, without reactions', () => {
    const mine = message(4, { reactions: [reaction('👍', 1, true)] })
    const before = chatState({ room: conversation({ messages: [message(2), message(3), mine] }) })
    const pin = (one: ChatMessage, on: boolean) => event('chat.pinned', { message: one, on })
    let state = apply(
      before,
      pin({ ...message(4), pinned: true }, true),
      pin({ ...message(2), pinned: true }, true),
    )
    expect(state.pins.map(({ n, pinned }) => [n, pinned])).toEqual([
      [2, true],
      [4, true],
    ])
    expect(state.pins[1]!.reactions).toEqual([])
    expect(state.room.messages[2]!.reactions[0]!.mine).toBe(true)
    expect(state.room.messages[0]!.pinned).toBe(true)
    state = apply(state, pin(message(2), false))
    expect(state.pins.map(({ n }) => n)).toEqual([4])
    expect(state.room.messages[0]!.pinned).toBe(false)
  })

  it('[C2] reading never goes back', () => {
    const read = (upto: number) => event('chat.read', { peer: null, upto })
    expect(apply(start, read(4), read(2)).room.read).toBe(4)
    expect(apply(start, event('chat.read', { peer: 'nobody', upto: 2 }))).toBe(start)
  })

  it('[C5] clearing takes messages and pins and counts as read', () => {
    const before = { ...start, pins: [message(2), message(5)] }
    const state = apply(before, event('chat.cleared', { upto: 4 }))
    expect(state.room.messages.map(({ n }) => n)).toEqual([5])
    expect(state.room).toMatchObject({ cleared: 4, read: 4, last: 5 })
    expect(state.pins.map(({ n }) => n)).toEqual([5])
  })

  it('[C5] settings are replaced', () => {
    const settings = { slow_seconds: 10, participants_only: true, direct: false }
    expect(apply(start, event('chat.settings', { settings })).settings).toEqual(settings)
  })

  it('[C2] a stretch of the past follows the events, and a fresh snapshot knows nothing of it', () => {
    const before = chatState({
      room: conversation({ messages: messages(100, 180), past: messages(1, 20) }),
    })
    const state = apply(before, event('chat.deleted', { peer: null, messages: ['m3'] }))
    expect(state.room.past![2]!.body).toBeNull()
    expect(state.room.messages).toBe(before.room.messages)
    expect(chat.normalise(state).room).toEqual(conversation({ messages: messages(131, 180) }))
  })

  it('other events change nothing', () => {
    expect(apply(start, event('rooms.closed', { reason: 'idle' }))).toBe(start)
  })

  it('[C1] 10,000 messages and 1,000 more in a burst take no time', () => {
    let state = chatState({ room: conversation({ messages: messages(1, 10_000) }) })
    const began = performance.now()
    for (let n = 10_001; n <= 11_000; n++) state = apply(state, sent(message(n)))
    expect(state.room.messages).toHaveLength(11_000)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
