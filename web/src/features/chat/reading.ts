import { useDocumentVisibility, useWindowFocus } from '@vueuse/core'
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { useRoom } from '@/core/room'
import { usePanelShown } from '../feature'
import type { History } from './history'

/** Telling the server is cheap, but not for each message of a burst. */
const TELL_AFTER = 350

/**
 * What counts as read: the newest message is on the screen and the page has the reader's attention.
 * `divider` is the number after which messages were new when the reader came.
 */
export function useReading(peer: Ref<string | null>, history: History, atEnd: Ref<boolean>) {
  const room = useRoom()
  const shown = usePanelShown()
  const visibility = useDocumentVisibility()
  const focused = useWindowFocus()
  const divider = ref<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  const attentive = computed(() => shown.value && visibility.value === 'visible' && focused.value)
  const looking = computed(() => attentive.value && atEnd.value && !history.inPast.value)
  const last = computed(() => history.conversation.value?.last ?? 0)
  const read = computed(() =>
    Math.max(history.conversation.value?.read ?? 0, history.conversation.value?.cleared ?? 0),
  )

  watch(
    peer,
    () => {
      divider.value = last.value > read.value ? read.value : null
    },
    { immediate: true },
  )

  const offSent = room.onEvent('chat.sent', ({ data }) => {
    if (data.peer !== peer.value) return
    if (data.message.author === room.state.people?.me) divider.value = null
    // Everything before it was read: what is new begins here.
    else if (!looking.value && read.value >= data.message.n - 1) divider.value = data.message.n - 1
  })

  function tellRead(): void {
    clearTimeout(timer)
    if (!looking.value || last.value <= read.value) return
    const told = { upto: last.value, peer: peer.value }
    timer = setTimeout(() => {
      // It may be refused, for example when the room has just closed; then there is nothing left to read.
      room.send('chat.read', told).catch(() => undefined)
    }, TELL_AFTER)
  }
  watch([looking, last, read, peer], tellRead, { immediate: true })

  onScopeDispose(() => {
    offSent()
    clearTimeout(timer)
  })
  return { divider, attentive, looking }
}
