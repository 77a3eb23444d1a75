import { everythingHref, exportFile } from '@/core/api'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tellError } from '@/design/toasts'

export const downloads = (link: string) => [
  { label: 'Everything (zip)', href: everythingHref(link) },
  { label: 'Chat as text', href: exportFile(link, 'chat.txt') },
  { label: 'Chat as JSON', href: exportFile(link, 'chat.json') },
  { label: 'Attendance (Excel)', href: exportFile(link, 'attendance.xlsx') },
]

/** The end itself may come before the answer that it worked. */
function tellUnlessOver(error: unknown): void {
  if (!(error instanceof Refused) || !['left', 'room_closed'].includes(error.code)) tellError(error)
}

export async function leaveRoom(): Promise<void> {
  const room = useRoom()
  const { yes } = await ask({
    title: 'Leave the room?',
    text: room.isOwner
      ? 'The room stays open without you, and stays yours when you come back.'
      : 'You leave with all your tabs and devices. You can come back by the same link.',
    action: 'Leave',
  })
  if (!yes) return
  try {
    await room.send('people.leave', {})
  } catch (error) {
    tellUnlessOver(error)
  }
}

export async function closeRoom(link: string): Promise<void> {
  const room = useRoom()
  const { yes } = await ask({
    title: 'Close the room for everyone?',
    text: 'Everybody is sent home, the PIN becomes free, and all that was written and dropped is deleted. Download first what you want to keep.',
    action: 'Close for everyone',
    danger: true,
    links: downloads(link),
  })
  if (!yes) return
  try {
    await room.send('rooms.close', {})
  } catch (error) {
    tellUnlessOver(error)
  }
}
