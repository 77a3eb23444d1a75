/** Whether the page runs as an app of its own: phones offer such ones in their share sheet. */
export const installed = (): boolean =>
  matchMedia('(display-mode: standalone)').matches ||
  (navigator as { standalone?: boolean }).standalone === true

/**
 * What is shared with the installed page comes by its service worker; browsers without the app need none. `waits` is
 * called when something was shared before and is still to be sent.
 */
export function followInstalling(waits: () => void): void {
  if (!window.isSecureContext || !('serviceWorker' in navigator)) return
  const setUp = () => void navigator.serviceWorker.register('/sw.js', { scope: '/' }).catch(() => undefined)
  window.addEventListener('appinstalled', setUp)
  if (!installed()) return
  setUp()
  // Looking throws away what is too old.
  void import('./shared')
    .then(({ sharedNow }) => sharedNow())
    .then((shared) => shared?.to === null && waits())
    .catch(() => undefined)
}
