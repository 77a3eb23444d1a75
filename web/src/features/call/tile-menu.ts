import { Activity, EyeOff, PictureInPicture2, Pin, PinOff } from '@lucide/vue'
import { callHideSelf } from '@/core/device'
import { useRoom } from '@/core/room'
import type { MenuEntry } from '@/design/menu'
import { hostEntries } from './host'
import { canFloatVideo, floatVideo } from './pip'
import type { Tile } from './tiles'
import { showConnection, togglePin } from './view'

/** What one may do with somebody on the stage. */
export function tileMenu(tile: Tile, isPinned: boolean): MenuEntry[][] {
  const look: MenuEntry[] = [
    {
      label: isPinned ? 'Unpin' : 'Pin: keep it large',
      icon: isPinned ? PinOff : Pin,
      run: () => togglePin(tile.id),
    },
  ]
  if (tile.stream && canFloatVideo())
    look.push({
      label: 'Float over other windows',
      icon: PictureInPicture2,
      run: () => void floatVideo(tile.id),
    })
  if (tile.own)
    look.push({ label: 'Hide yourself here', icon: EyeOff, run: () => (callHideSelf.value = true) })
  else look.push({ label: 'Sound and connection…', icon: Activity, run: () => showConnection(tile.seat) })
  const host = tile.own ? [] : hostEntries(useRoom().person(tile.person))
  return [look, host].filter((group) => group.length > 0)
}
