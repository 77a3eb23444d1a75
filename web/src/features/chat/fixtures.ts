import type { ChatMessage, ChatReaction, Events } from '@/contract'
import type { EventType, WireEvent } from '@/core/wire'
import type { ChatState, Conversation } from './state'

/** Shapes for the tests of this folder. */
export const message = (n: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `m${n}`,
  n,
  key: `k${n}`,
  author: 'bob',
  name: 'Bob',
  body: `Message ${n}`,
  at: 1_700_000_000_000 + n * 1_000,
  edited_at: null,
  reply_to: null,
  mentions: [],
  reactions: [],
  pinned: false,
  ...more,
})

export const messages = (from: number, to: number): ChatMessage[] =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i))

export const conversation = (more: Partial<Conversation> = {}): Conversation => ({
  peer: null,
  peer_name: '',
  last: more.messages?.at(-1)?.n ?? 0,
  cleared: 0,
  read: 0,
  messages: [],
  ...more,
})

export const chatState = (more: Partial<ChatState> = {}): ChatState => ({
  settings: { slow_seconds: 0, participants_only: false, direct: true },
  room: conversation(),
  direct: [],
  pins: [],
  ...more,
})

export function event<T extends EventType>(type: T, data: Events[T]): WireEvent {
  return { stream: 'room', seq: 1, at: 0, type, data } as WireEvent
}

export const reaction = (emoji: string, count: number, mine = false): ChatReaction => ({ emoji, count, mine })
