import { Copy, Pencil, Pin, PinOff, Reply, Trash2 } from '@lucide/vue'
import { inject, provide, shallowRef, type InjectionKey, type Ref } from 'vue'
import type { ChatMessage } from '@/contract'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { copyText } from '@/design/copy'
import type { MenuEntry } from '@/design/menu'
import { tell, tellError } from '@/design/toasts'

/** Offered without opening the picker. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '👀']

export type Actions = ReturnType<typeof makeActions>
const key: InjectionKey<Actions> = Symbol('chat actions')

/** What can be done to a message; made by the panel, used by everything in it. */
export function provideActions(
  peer: Ref<string | null>,
  jump: (to: { id: string } | { n: number }) => void,
): Actions {
  const actions = makeActions(peer, jump)
  provide(key, actions)
  return actions
}

export function useActions(): Actions {
  const actions = inject(key)
  if (!actions) throw new Error('There is no chat panel around this.')
  return actions
}

function makeActions(peer: Ref<string | null>, jump: (to: { id: string } | { n: number }) => void) {
  const room = useRoom()
  /** The message that the next one answers. */
  const replying = shallowRef<ChatMessage | null>(null)
  /** The own message that is being changed. */
  const editing = shallowRef<ChatMessage | null>(null)

  const isOwn = (message: ChatMessage) => message.author === room.state.people?.me
  const mayDelete = (message: ChatMessage) => isOwn(message) || (room.isHost && peer.value === null)
  const mayPin = () => room.isHost && peer.value === null

  function reply(message: ChatMessage): void {
    editing.value = null
    replying.value = message
  }

  function edit(message: ChatMessage): void {
    replying.value = null
    editing.value = message
  }

  function rest(): void {
    replying.value = null
    editing.value = null
  }

  async function remove(message: ChatMessage): Promise<void> {
    const own = isOwn(message)
    const { yes } = await ask({
      title: own ? 'Delete this message?' : `Delete this message by ${message.name}?`,
      text: 'Its text is gone for everyone, also where it is quoted.',
      action: 'Delete',
      danger: true,
    })
    if (yes) await room.send('chat.delete', { message: message.id }).catch(tellError)
  }

  async function react(message: ChatMessage, emoji: string): Promise<void> {
    const mine = message.reactions.find((one) => one.emoji === emoji)?.mine ?? false
    await room.send('chat.react', { message: message.id, emoji, on: !mine }).catch(tellError)
  }

  async function pin(message: ChatMessage): Promise<void> {
    await room.send('chat.pin', { message: message.id, on: !message.pinned }).catch(tellError)
  }

  async function copy(message: ChatMessage): Promise<void> {
    const done = await copyText(message.body ?? '')
    tell(done ? 'Text copied.' : 'Copying did not work in this browser.', { look: done ? 'good' : 'bad' })
  }

  function entries(message: ChatMessage): MenuEntry[][] {
    const first: MenuEntry[] = [
      { label: 'Reply', icon: Reply, run: () => reply(message) },
      { label: 'Copy text', icon: Copy, run: () => void copy(message) },
    ]
    if (mayPin())
      first.push({
        label: message.pinned ? 'Unpin' : 'Pin for everyone',
        icon: message.pinned ? PinOff : Pin,
        run: () => void pin(message),
      })
    if (isOwn(message)) first.push({ label: 'Edit', icon: Pencil, run: () => edit(message) })
    const groups = [first]
    if (mayDelete(message))
      groups.push([{ label: 'Delete', icon: Trash2, danger: true, run: () => void remove(message) }])
    return groups
  }

  return { replying, editing, isOwn, mayPin, reply, edit, rest, remove, react, pin, entries, jump }
}
