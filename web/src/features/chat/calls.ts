import { onScopeDispose, type Ref } from 'vue'
import type { ChatMessageSent } from '@/contract'
import { useRoom } from '@/core/room'
import { notify } from '@/design/notify'
import { play } from '@/design/sounds'
import { tell } from '@/design/toasts'
import { bringToFront } from '../feature'
import { openDirect } from './place'

/** What was said longer ago is caught up with, not announced. */
const FRESH = 15_000
/** Ordinary messages are sounded only while the page is out of sight, and not each of them. */
const HUM_EVERY = 10_000
const TOLD = 160

/** Tells the person that somebody speaks to them: by name, or directly. */
export function useCalls(peer: Ref<string | null>, attentive: Ref<boolean>): void {
  const room = useRoom()
  let hummed = 0

  function called({ peer: from, message }: ChatMessageSent): void {
    if (attentive.value && from === peer.value) return
    const text = (message.body ?? '').slice(0, TOLD)
    play('mention')
    notify(from === null ? `${message.name} mentioned you` : message.name, text, `chat.${from ?? ''}`)
    if (document.hidden) return
    tell(from === null ? `${message.name} mentioned you.` : `${message.name} wrote to you.`, {
      action: {
        label: 'Look',
        run: () => {
          openDirect(from)
          bringToFront('chat')
        },
      },
    })
  }

  const off = room.onEvent('chat.sent', ({ data }) => {
    const me = room.state.people?.me ?? ''
    if (data.message.author === me || room.now() - data.message.at > FRESH) return
    if (data.peer !== null || data.message.mentions.includes(me)) called(data)
    else if (document.hidden && Date.now() - hummed > HUM_EVERY) {
      hummed = Date.now()
      play('message')
    }
  })
  onScopeDispose(off)
}
