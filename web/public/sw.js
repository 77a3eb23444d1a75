// Tells of planned rooms while no page is open, and takes what the share sheet of a phone gives to the installed page.
// It keeps nothing of the page itself: what the server sends is what one sees, also after it was renewed.
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

// As in the manifest, src/core/shared.ts, and at the server, which answers when this worker is not there.
const SHARED = { path: '/share/files', page: '/share', database: 'salon-shared', store: 'shared', key: 'now' }

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  if (mode !== 'navigate') return
  const { pathname } = new URL(url)
  if (method === 'POST' && pathname === SHARED.path) event.respondWith(take(event.request))
  else if (method === 'GET' && pathname === SHARED.page)
    event.respondWith(fetch(event.request).catch(offline))
})

/** Keeps what was shared for the page that asks where it shall go. The newest takes the place of what was there. */
async function take(request) {
  try {
    const form = await request.formData()
    const files = form.getAll('files').filter((one) => typeof one !== 'string' && (one.name || one.size))
    const said = (name) => String(form.get(name) || '').trim()
    // Of files the title is a name once more.
    const words = [files.length ? '' : said('title'), said('text'), said('url')]
    const text = words.filter((word, at) => word && words.indexOf(word) === at).join('\n')
    if (files.length || text)
      await keep({ at: Date.now(), to: null, text, files: files.map((file, key) => ({ key, file })) })
    return Response.redirect(SHARED.page, 303)
  } catch {
    return Response.redirect(SHARED.page + '?failed', 303)
  }
}

function keep(what) {
  return new Promise((resolve, reject) => {
    const opening = self.indexedDB.open(SHARED.database, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(SHARED.store)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const change = opening.result.transaction(SHARED.store, 'readwrite')
      change.objectStore(SHARED.store).put(what, SHARED.key)
      change.oncomplete = () => resolve(opening.result.close())
      change.onabort = () => reject(change.error)
    }
  })
}

const offline = () =>
  new Response(
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
      '<meta name="color-scheme" content="light dark"><title>Salon</title>' +
      '<body style="font: 17px/1.5 system-ui; max-width: 30rem; margin: 20vh auto; padding: 0 1.25rem">' +
      '<h1 style="font-size: 1.5rem">The server does not answer</h1>' +
      '<p>What you shared is kept on this device for a day. Check your connection, then go on.</p>' +
      '<p><a href="/share">Go on</a></p>',
    { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8' } },
  )

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
      // The next one about the same plan, or alarm, takes the place of the one before.
      tag: said.tag || 'plan ' + (said.plan || said.title || ''),
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
