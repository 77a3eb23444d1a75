import {
  Activity,
  Columns2,
  Expand,
  EyeOff,
  GalleryThumbnails,
  Grid2x2,
  Hand,
  Keyboard,
  MonitorUp,
  MonitorX,
  PictureInPicture2,
  Settings2,
  Shrink,
  Sparkles,
  UsersRound,
} from '@lucide/vue'
import type { Component } from 'vue'
import { callHideSelf, callLayout, type CallLayout } from '@/core/device'
import { useRoom } from '@/core/room'
import type { MenuEntry } from '@/design/menu'
import { useCall } from './engine'
import { lowerHands } from './host'
import { canFloatAll, floatAll, floating } from './pip'
import { canFullScreen, canShare, fullScreen, openCallDialog, toggleFullScreen } from './view'

const LAYOUTS: { value: CallLayout; label: string; icon: Component }[] = [
  { value: 'grid', label: 'Everyone alike', icon: Grid2x2 },
  { value: 'speaker', label: 'Who speaks, large', icon: GalleryThumbnails },
  { value: 'sidebar', label: 'Who speaks, others beside', icon: Columns2 },
]

/** How one looks at the call. */
export function layoutEntries(): MenuEntry[][] {
  const layouts = LAYOUTS.map(({ value, label, icon }): MenuEntry => {
    return { label, icon, checked: callLayout.value === value, run: () => (callLayout.value = value) }
  })
  const more: MenuEntry[] = [
    {
      label: 'Hide yourself here',
      icon: EyeOff,
      checked: callHideSelf.value,
      run: () => (callHideSelf.value = !callHideSelf.value),
    },
  ]
  if (canFloatAll())
    more.push({
      label: 'Float over other windows',
      icon: PictureInPicture2,
      checked: floating.value !== null,
      run: () => void floatAll(),
    })
  if (canFullScreen())
    more.push({
      label: fullScreen.value ? 'Leave full screen' : 'Full screen',
      icon: fullScreen.value ? Shrink : Expand,
      run: () => void toggleFullScreen(),
    })
  return [layouts, more]
}

const shareEntry = (): MenuEntry => {
  const call = useCall()
  const { on } = call.own.screen
  return {
    label: on ? 'Stop sharing the screen' : 'Share the screen',
    icon: on ? MonitorX : MonitorUp,
    run: () => void (on ? call.stopScreen() : call.shareScreen()),
  }
}

/** All that has no button of its own. A part of the call that wants an entry adds it here. */
export function moreEntries(narrow: boolean): MenuEntry[][] {
  const room = useRoom()
  const call = useCall()
  const open = (
    label: string,
    icon: Component,
    dialog: NonNullable<typeof openCallDialog.value>,
  ): MenuEntry => ({
    label,
    icon,
    run: () => (openCallDialog.value = dialog),
  })
  const hands = [...call.peers, call.own].some((one) => ('hand' in one ? one.hand : one.handAt !== null))
  return [
    [
      ...(narrow && canShare && !call.own.screen.held ? [shareEntry()] : []),
      open('People in the call…', UsersRound, 'people'),
      ...(room.isHost && hands
        ? [{ label: 'Lower all hands', icon: Hand, run: () => void lowerHands() }]
        : []),
    ],
    [open('Camera and sound…', Settings2, 'devices'), open('Background and noise…', Sparkles, 'effects')],
    [open('Connections…', Activity, 'connections'), open('Keys…', Keyboard, 'keys')],
  ]
}
