import { MessageCircle, MessagesSquare } from '@lucide/vue'
import type { PeoplePerson } from '@/contract'
import { useRoom } from '@/core/room'
import type { MenuEntry } from '@/design/menu'
import { bringToFront, type Feature } from '../feature'
import { loadGuests, unreadGuests } from './guests'
import { openDirect, unreadInAll } from './place'

function personMenu(person: PeoplePerson): MenuEntry[] {
  const room = useRoom()
  if (person.id === room.state.people?.me || !room.state.chat?.settings.direct) return []
  const run = () => {
    openDirect(person.id)
    bringToFront('chat')
  }
  return [{ label: 'Message', icon: MessageCircle, run }]
}

export const chat: Feature = {
  id: 'chat',
  title: 'Chat',
  icon: MessagesSquare,
  place: 'side',
  panel: async () => {
    const [panel] = await Promise.all([import('./ChatPanel.vue'), loadGuests()])
    return panel
  },
  settings: () => import('./ChatSettings.vue'),
  badge: () => unreadInAll() + unreadGuests(),
  personMenu,
}
