import type { ChatMessage } from '@/contract'
import type { Conversation } from './state'

/** What is on the screen: a stretch of the past, or the newest messages. */
export function shownMessages(conversation: Conversation): ChatMessage[] {
  return conversation.past ?? conversation.messages
}

export function hasOlder(conversation: Conversation): boolean {
  const first = shownMessages(conversation)[0]
  return first !== undefined && first.n > conversation.cleared + 1
}

/** Puts a page of older messages before what is shown. */
export function withOlder(conversation: Conversation, page: ChatMessage[]): Conversation {
  const shown = shownMessages(conversation)
  const before = shown[0]?.n ?? Number.POSITIVE_INFINITY
  const added = page.filter(({ n }) => n < before && n > conversation.cleared)
  if (added.length === 0) return conversation
  const list = [...added, ...shown]
  return conversation.past ? { ...conversation, past: list } : { ...conversation, messages: list }
}

/** Puts a page of newer messages after the shown stretch of the past; where it meets the newest ones it joins them. */
export function withNewer(conversation: Conversation, page: ChatMessage[]): Conversation {
  const { past } = conversation
  if (!past) return conversation
  const last = past.at(-1)?.n ?? 0
  return joined(conversation, [...past, ...page.filter(({ n }) => n > last)])
}

/** Shows a stretch of the past, or the newest messages when it reaches them. */
export function withPast(conversation: Conversation, page: ChatMessage[]): Conversation {
  return joined(
    conversation,
    page.filter(({ n }) => n > conversation.cleared),
  )
}

/** Shows the newest messages again. */
export function withoutPast(conversation: Conversation): Conversation {
  const { peer, peer_name, last, cleared, read, messages } = conversation
  return { peer, peer_name, last, cleared, read, messages }
}

function joined(conversation: Conversation, list: ChatMessage[]): Conversation {
  const first = conversation.messages[0]?.n ?? conversation.last + 1
  const end = list.at(-1)?.n ?? 0
  if (end < first - 1) return { ...conversation, past: list }
  const older = list.filter(({ n }) => n < first)
  return { ...withoutPast(conversation), messages: [...older, ...conversation.messages] }
}
