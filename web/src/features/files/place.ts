import { ref, shallowRef } from 'vue'
import { useRoom } from '@/core/room'
import type { Target } from './uploads'

/** Whether the room lets me put files into it, and send them. The server decides; this only shows it. */
export function mayUpload(): boolean {
  const room = useRoom()
  const who = room.state.files?.settings.uploads
  return who === 'everyone' ? room.me !== null : who === 'hosts' ? room.isHost : room.isOwner
}

/** Somebody was chosen elsewhere to send something to: the panel asks what. */
export const wantedTarget = shallowRef<Target | null>(null)

/** When the newest file came that was looked at on this page; null before the room is known. */
export const seenUntil = ref<number | null>(null)

/** The same for what was dropped into the chat. */
export const seenInChat = ref<number | null>(null)

/** Files of others that came while the panel was out of sight. */
export const unseen = (): number => newsAfter(seenUntil.value, false)
export const unseenInChat = (): number => newsAfter(seenInChat.value, true)

function newsAfter(until: number | null, inChat: boolean): number {
  const room = useRoom()
  if (until === null) return 0
  const news = room.state.files?.files.filter(
    ({ at, author, chat }) => at > until && author !== room.me?.id && chat === inChat,
  )
  return news?.length ?? 0
}
