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

/** Files of others that came while the panel was out of sight. */
export function unseen(): number {
  const room = useRoom()
  const until = seenUntil.value
  if (until === null) return 0
  return room.state.files?.files.filter(({ at, author }) => at > until && author !== room.me?.id).length ?? 0
}
