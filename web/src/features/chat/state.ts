import type { ChatConversation, ChatMessage, ChatMessageSent, ChatReacted, ChatSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'
import { omit } from '@/core/omit'
import type { WireEvent } from '@/core/wire'

/** How many of its newest messages a fresh snapshot holds of a conversation. */
export const SNAPSHOT_MESSAGES = 50

export interface Conversation extends ChatConversation {
  /** A stretch of older messages that does not reach up to `messages`: where a jump into the past has led. */
  past?: ChatMessage[]
}

export interface ChatState extends ChatSnapshot {
  room: Conversation
  direct: Conversation[]
}

export function findConversation(state: ChatState, peer: string | null): Conversation | undefined {
  return peer === null ? state.room : state.direct.find((one) => one.peer === peer)
}

/** The state with one conversation changed; the same state when there is no such conversation or no change. */
export function withConversation(
  state: ChatState,
  peer: string | null,
  change: (conversation: Conversation) => Conversation,
): ChatState {
  const before = findConversation(state, peer)
  if (!before) return state
  const after = change(before)
  if (after === before) return state
  if (peer === null) return { ...state, room: after }
  return { ...state, direct: state.direct.map((one) => (one === before ? after : one)) }
}

type Change = (message: ChatMessage) => ChatMessage

/** The list with messages changed; the same list when none was. */
function mapped(list: ChatMessage[], change: Change): ChatMessage[] {
  let next: ChatMessage[] | undefined
  for (let i = 0; i < list.length; i++) {
    const before = list[i]!
    const after = change(before)
    if (after !== before) (next ??= list.slice())[i] = after
  }
  return next ?? list
}

function withMessages(conversation: Conversation, change: Change): Conversation {
  const messages = mapped(conversation.messages, change)
  const past = conversation.past && mapped(conversation.past, change)
  if (messages === conversation.messages && past === conversation.past) return conversation
  return past ? { ...conversation, messages, past } : { ...conversation, messages }
}

/** What an event does to a message it concerns, also by what the message quotes; undefined for other events. */
export function messageChange(event: WireEvent, me: string): Change | undefined {
  switch (event.type) {
    case 'chat.edited': {
      const { message: id, body, excerpt, mentions, edited_at } = event.data
      return (message) => {
        if (message.id === id) return { ...message, body, mentions, edited_at }
        return message.reply_to?.message === id
          ? { ...message, reply_to: { ...message.reply_to, excerpt } }
          : message
      }
    }
    case 'chat.deleted': {
      const gone = new Set(event.data.messages)
      return (message) => {
        const quoted = message.reply_to && gone.has(message.reply_to.message)
        const reply_to = quoted ? { ...message.reply_to!, excerpt: null } : message.reply_to
        if (gone.has(message.id))
          return { ...message, body: null, reply_to, mentions: [], reactions: [], pinned: false }
        return quoted ? { ...message, reply_to } : message
      }
    }
    case 'chat.reacted':
      return (message) => (message.id === event.data.message ? reacted(message, event.data, me) : message)
    case 'chat.pinned':
      return (message) =>
        message.id === event.data.message.id && message.pinned !== event.data.on
          ? { ...message, pinned: event.data.on }
          : message
    default:
      return undefined
  }
}

function reacted(message: ChatMessage, data: ChatReacted, me: string): ChatMessage {
  const { emoji, count, person, on } = data
  const known = message.reactions.find((one) => one.emoji === emoji)
  const mine = person === me ? on : (known?.mine ?? false)
  const now = { emoji, count, mine }
  if (count === 0) return { ...message, reactions: message.reactions.filter((one) => one.emoji !== emoji) }
  if (!known) return { ...message, reactions: [...message.reactions, now] }
  return { ...message, reactions: message.reactions.map((one) => (one === known ? now : one)) }
}

function sent(state: ChatState, data: ChatMessageSent, me: string): ChatState {
  const { peer, peer_name, message } = data
  const add = (conversation: Conversation): Conversation => ({
    ...conversation,
    peer_name,
    last: Math.max(conversation.last, message.n),
    read: message.author === me ? Math.max(conversation.read, message.n) : conversation.read,
    messages:
      (conversation.messages.at(-1)?.n ?? 0) < message.n
        ? [...conversation.messages, message]
        : conversation.messages,
  })
  if (peer === null) return { ...state, room: add(state.room) }
  const known = findConversation(state, peer) ?? {
    peer,
    peer_name,
    last: 0,
    cleared: 0,
    read: 0,
    messages: [],
  }
  return { ...state, direct: [add(known), ...state.direct.filter((one) => one.peer !== peer)] }
}

/** A pinned message is kept without its reactions: the event goes to everyone alike and cannot say which are mine. */
function pinned(pins: ChatMessage[], message: ChatMessage, on: boolean): ChatMessage[] {
  const others = pins.filter((one) => one.id !== message.id)
  if (!on) return others
  return [...others, { ...message, pinned: true, reactions: [] }].sort((a, b) => a.n - b.n)
}

function cleared(state: ChatState, upto: number): ChatState {
  const later = (message: ChatMessage) => message.n > upto
  const { past, ...room } = state.room
  return {
    ...state,
    room: {
      ...room,
      messages: room.messages.filter(later),
      ...(past ? { past: past.filter(later) } : {}),
      cleared: Math.max(room.cleared, upto),
      read: Math.max(room.read, upto),
    },
    pins: state.pins.filter(later),
  }
}

function changed(state: ChatState, event: WireEvent, peer: string | null, me: string): ChatState {
  const change = messageChange(event, me)!
  const next = withConversation(state, peer, (conversation) => withMessages(conversation, change))
  if (peer !== null || event.type === 'chat.reacted') return next
  const pins = mapped(next.pins, change)
  return pins === next.pins ? next : { ...next, pins }
}

function apply(state: ChatState, event: WireEvent, me: string): ChatState {
  switch (event.type) {
    case 'chat.sent':
      return sent(state, event.data, me)
    case 'chat.edited':
    case 'chat.reacted':
      return changed(state, event, event.data.peer, me)
    case 'chat.deleted': {
      const next = changed(state, event, event.data.peer, me)
      const gone = new Set(event.data.messages)
      const left = next.pins.filter((one) => !gone.has(one.id))
      return left.length === next.pins.length ? next : { ...next, pins: left }
    }
    case 'chat.pinned': {
      const pins = pinned(state.pins, event.data.message, event.data.on)
      return { ...changed(state, event, null, me), pins }
    }
    case 'chat.read':
      return withConversation(state, event.data.peer, (one) =>
        event.data.upto > one.read ? { ...one, read: event.data.upto } : one,
      )
    case 'chat.cleared':
      return cleared(state, event.data.upto)
    case 'chat.settings':
      return { ...state, settings: event.data.settings }
    default:
      return state
  }
}

function fresh(conversation: Conversation): Conversation {
  return { ...omit(conversation, 'past'), messages: conversation.messages.slice(-SNAPSHOT_MESSAGES) }
}

export const chat: Fold<ChatState> = {
  apply,
  normalise: (state) => ({ ...state, room: fresh(state.room), direct: state.direct.map(fresh) }),
}
