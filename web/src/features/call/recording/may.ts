import { computed, type ComputedRef } from 'vue'
import { useRoom } from '@/core/room'

/** Containers in the order of liking. WebM is made seekable by the server; what only records MP4 plays from its beginning. */
const FORMATS = [
  { type: 'video/webm;codecs=vp8,opus', ending: 'webm' },
  { type: 'video/webm', ending: 'webm' },
  { type: 'video/mp4', ending: 'mp4' },
]
export const formatHere = () =>
  typeof MediaRecorder === 'undefined'
    ? undefined
    : FORMATS.find(({ type }) => MediaRecorder.isTypeSupported(type))

/** Whether one may record in this room, with this browser. */
export function useMayRecord(): ComputedRef<boolean> {
  const room = useRoom()
  return computed(
    () =>
      (room.isHost || room.state.call?.settings.record === 'everyone') &&
      formatHere() !== undefined &&
      typeof HTMLCanvasElement.prototype.captureStream === 'function',
  )
}
