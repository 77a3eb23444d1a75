import { computed, ref, type Ref } from 'vue'
import type { ChatHistory, ChatMessage } from '@/contract'
import { useRoom } from '@/core/room'
import type { EventType, WireEvent } from '@/core/wire'
import { hasOlder, shownMessages, withNewer, withoutPast, withOlder, withPast } from './merge'
import { findConversation, messageChange, withConversation, type Conversation } from './state'

const PAGE = 60
/** The most that the server gives at once: for walking far back. */
const LARGEST_PAGE = 200

const CHANGES: EventType[] = ['chat.edited', 'chat.deleted', 'chat.reacted', 'chat.pinned']

/** The messages of one conversation beyond the newest ones, which the snapshot has brought. */
export function useHistory(peer: Ref<string | null>) {
  const room = useRoom()
  const busy = ref<'older' | 'newer' | 'jump' | null>(null)
  const conversation = computed<Conversation | undefined>(
    () => room.state.chat && findConversation(room.state.chat, peer.value),
  )
  const shown = computed(() => (conversation.value ? shownMessages(conversation.value) : []))
  const older = computed(() => conversation.value !== undefined && hasOlder(conversation.value))
  const inPast = computed(() => conversation.value?.past !== undefined)

  /** A page as it is when it arrives: what happened to its messages on the way is done to it. */
  async function page(ask: ChatHistory): Promise<ChatMessage[] | undefined> {
    const { generation } = room
    const meanwhile: WireEvent[] = []
    const stop = CHANGES.map((type) => room.onEvent(type, (event) => meanwhile.push(event)))
    try {
      const { messages } = await room.ask('chat.history', { ...ask, peer: peer.value })
      // What was asked beside an older snapshot does not fit to a newer one.
      if (room.generation !== generation) return undefined
      const me = room.state.people?.me ?? ''
      const changes = meanwhile.map((event) => messageChange(event, me)!)
      return messages.map((message) => changes.reduce((one, change) => change(one), message))
    } finally {
      for (const off of stop) off()
    }
  }

  function learn(change: (conversation: Conversation) => Conversation): void {
    const to = peer.value
    room.learn('chat', (state) => withConversation(state, to, change))
  }

  async function load<T>(what: 'older' | 'newer' | 'jump', work: () => Promise<T>): Promise<T | undefined> {
    if (busy.value && what !== 'jump') return undefined
    const to = peer.value
    busy.value = what
    try {
      return await work()
    } finally {
      if (peer.value === to) busy.value = null
    }
  }

  /** Asks for messages before the first shown one. Tells whether there may be more of them. */
  async function fetchOlder(limit: number): Promise<boolean> {
    const first = shown.value[0]
    const to = peer.value
    if (!first || !older.value) return false
    const got = await page({ before: first.n, limit })
    if (!got || peer.value !== to || shown.value[0] !== first) return true
    learn((one) => withOlder(one, got))
    return got.length > 0
  }

  const loadOlder = () => load('older', () => fetchOlder(PAGE))

  const loadNewer = () =>
    load('newer', async () => {
      const last = conversation.value?.past?.at(-1)
      const to = peer.value
      if (!last) return
      const got = await page({ after: last.n, limit: PAGE })
      if (got && peer.value === to && conversation.value?.past?.at(-1)?.id === last.id)
        learn((one) => withNewer(one, got))
    })

  /** Makes the message of a number one of those shown. */
  const showNumber = (n: number) =>
    load('jump', async () => {
      if (shown.value.some((message) => message.n === n)) return true
      if (conversation.value?.messages.some((message) => message.n === n)) {
        showNewest()
        return true
      }
      const to = peer.value
      const got = await page({ before: n + PAGE / 2, limit: PAGE })
      if (!got || peer.value !== to) return false
      learn((one) => withPast(one, got))
      return shown.value.some((message) => message.n === n)
    })

  /** Makes the message of an id one of those shown, walking back as far as needed: a quote does not tell its number. */
  const showId = (id: string) =>
    load('jump', async () => {
      const to = peer.value
      const here = () => shown.value.some((message) => message.id === id)
      while (!here() && peer.value === to) if (!(await fetchOlder(LARGEST_PAGE))) break
      return here()
    })

  function showNewest(): void {
    if (inPast.value) learn(withoutPast)
  }

  return { conversation, shown, busy, older, inPast, loadOlder, loadNewer, showNumber, showId, showNewest }
}

export type History = ReturnType<typeof useHistory>
