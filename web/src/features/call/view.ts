import { onScopeDispose, ref, shallowRef } from 'vue'

/** What this page looks at in the call. Nobody else is told. */
export type CallDialog = 'people' | 'devices' | 'effects' | 'keys' | 'connections'
export const openCallDialog = shallowRef<CallDialog | null>(null)
/** Whose connection is unfolded in the dialog of connections, by seat. */
export const connectionOf = shallowRef<string | null>(null)
/** The tile that was chosen to be large. */
export const pinned = shallowRef<string | null>(null)

export function showConnection(seat: string): void {
  connectionOf.value = seat
  openCallDialog.value = 'connections'
}
export function togglePin(id: string): void {
  pinned.value = pinned.value === id ? null : id
}

export const canFullScreen = (): boolean => document.fullscreenEnabled

/**
 * The call over the whole screen. The page itself is what is full, and the call lies over the rest of it, so that menus and
 * dialogs, which stand elsewhere in the page, are still to be seen.
 */
export const fullScreen = ref(false)
export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen()
  else await document.documentElement.requestFullscreen({ navigationUI: 'hide' })
}
export function useFullScreen(): void {
  const follow = () => (fullScreen.value = document.fullscreenElement === document.documentElement)
  document.addEventListener('fullscreenchange', follow)
  onScopeDispose(() => {
    document.removeEventListener('fullscreenchange', follow)
    if (fullScreen.value) void document.exitFullscreen().catch(() => undefined)
    fullScreen.value = false
  })
}

/** Phones and tablets let pages see no screen; without HTTPS nothing does. */
export const canShare: boolean =
  typeof (navigator as { mediaDevices?: Partial<MediaDevices> }).mediaDevices?.getDisplayMedia === 'function'
