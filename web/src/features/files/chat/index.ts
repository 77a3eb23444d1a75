import { useRoom } from '@/core/room'
import type { ChatPart } from '../../feature'
import { seenInChat } from '../place'
import { attached, sendAttached } from './attached'
import ChatClip from './ChatClip.vue'
import ChatFile from './ChatFile.vue'
import ChatOver from './ChatOver.vue'
import ChatTray from './ChatTray.vue'
import { entries } from './entries'

function seen(): void {
  const chat = useRoom().state.files?.files.findLast((file) => file.chat)
  if (chat) seenInChat.value = Math.max(seenInChat.value ?? 0, chat.at)
}

/** Files in the chat: what is dropped there stands among the messages, and is a file of the room like any other. */
const part: ChatPart = {
  entries,
  entry: ChatFile,
  seen,
  over: ChatOver,
  tray: ChatTray,
  take: ChatClip,
  taken: () => attached.length,
  send: sendAttached,
}
export default part
