import { notifyOn } from '@/core/device'

/** Browsers show notifications only for pages over https (or of this very machine). */
export const canNotify = typeof Notification === 'function' && window.isSecureContext

/** Switches notifications on, asking the browser's permission, or off. Tells whether they are on now. */
export async function switchNotify(on: boolean): Promise<boolean> {
  if (on && canNotify) notifyOn.value = (await Notification.requestPermission()) === 'granted'
  else notifyOn.value = false
  return notifyOn.value
}

/** Tells the person while the page is out of sight. One of the same tag takes the place of the one before. */
export function notify(title: string, body: string, tag: string): void {
  if (!notifyOn.value || !canNotify || Notification.permission !== 'granted' || !document.hidden) return
  try {
    const shown = new Notification(title, { body, tag, icon: '/icon.svg' })
    shown.onclick = () => {
      window.focus()
      shown.close()
    }
  } catch {
    // Some phones allow notifications to service workers only.
  }
}
