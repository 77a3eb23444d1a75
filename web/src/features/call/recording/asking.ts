import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell, tellError } from '@/design/toasts'
import { own, record, stop } from './recorder'

/** Recordings go among the room's files: where there are none, a host is asked to switch them on. */
async function filesAreOn(): Promise<boolean> {
  const room = useRoom()
  if (room.state.rooms?.room.activities.includes('files')) return true
  if (!room.isHost) {
    tell('A recording goes among the files, and files are off in this room. A host can switch them on.')
    return false
  }
  const { yes } = await ask({
    title: 'Switch files on?',
    text: 'A recording goes among the files of the room, where everyone can fetch it. They are off here.',
    action: 'Switch on and record',
  })
  if (!yes) return false
  try {
    await room.send('rooms.activity', { activity: 'files', on: true })
    return true
  } catch (error) {
    tellError(error)
    return false
  }
}

/** Begins to record, or ends it. */
export async function toggle(): Promise<void> {
  if (own.state === 'on') return stop()
  if (own.state === 'off' && (await filesAreOn())) await record()
}
