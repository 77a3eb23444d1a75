import { FolderDown, Send } from '@lucide/vue'
import type { PeoplePerson } from '@/contract'
import { useRoom } from '@/core/room'
import type { MenuEntry } from '@/design/menu'
import { bringToFront, type Feature } from '../feature'
import { mayUpload, unseen, unseenInChat, wantedTarget } from './place'
import { offersOf } from './shown'

function personMenu(person: PeoplePerson): MenuEntry[] {
  const room = useRoom()
  const on = room.state.rooms?.room.activities.includes('files')
  if (!on || person.id === room.me?.id || !mayUpload()) return []
  const run = () => {
    bringToFront('files')
    wantedTarget.value = { to: person.id, device: null, name: person.name }
  }
  return [{ label: 'Send a file or text…', icon: Send, run }]
}

export const files: Feature = {
  id: 'files',
  title: 'Files',
  icon: FolderDown,
  place: 'main',
  panel: () => import('./FilesPanel.vue'),
  settings: () => import('./FilesSettings.vue'),
  over: [() => import('./FilesOver.vue')],
  badge: () => {
    const room = useRoom()
    const offered = offersOf(room.state.files?.direct ?? [], room.me?.id ?? '')
    return unseen() + offered.reduce((sum, { files: own }) => sum + own.length, 0)
  },
  screen: {
    parts: [
      {
        place: 'stage',
        panel: () => import('./ScreenFiles.vue'),
        shown: () => (useRoom().state.files?.files.length ?? 0) > 0,
        waits: () => true,
      },
    ],
  },
  inChat: { part: () => import('./chat'), unread: unseenInChat },
  personMenu,
}
