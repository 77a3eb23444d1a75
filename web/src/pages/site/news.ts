import { onScopeDispose, watch } from 'vue'
import { useRoom } from '@/core/room'
import { hear, loadSite } from '@/core/site'

/** Hears announcements through the room; what was told during an outage is asked for. */
export function useSiteNews(): void {
  const room = useRoom()
  const off = room.onSignal('site.announced', (news) => hear(news.announcements))
  watch(
    () => room.status,
    (now, before) => {
      if (now === 'live' && before === 'reconnecting') void loadSite(true)
    },
  )
  onScopeDispose(off)
}
