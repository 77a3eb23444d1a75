// Tells of planned rooms while no page is open. It keeps nothing and answers no request of the page.
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  let said = {}
  try {
    said = event.data.json()
  } catch {
    // Browsers take the right to push away from pages that show nothing: an unreadable message is shown as well.
  }
  const text = said.text || {}
  event.waitUntil(
    self.registration.showNotification(text.title || 'Salon', {
      body: text.body || 'There is something new about your planned rooms.',
      // The next one about the same plan takes the place of the one before.
      tag: 'plan ' + (said.plan || said.title || ''),
      renotify: true,
      icon: '/icon.svg',
      data: { url: said.url || '/plans' },
    }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(event.notification.data && event.notification.data.url))
})

/** Brings the page of that address to the front, or opens it. Only of this server, whatever the message said. */
async function show(address) {
  let target = new URL(address || '/plans', self.location.origin)
  if (target.origin !== self.location.origin) target = new URL('/plans', self.location.origin)
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const open = pages.find((page) => new URL(page.url).pathname === target.pathname)
  return open ? open.focus() : self.clients.openWindow(target.href)
}
