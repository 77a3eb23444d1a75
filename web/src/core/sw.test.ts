// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ORIGIN = 'https://salon.example.org'
const code = readFileSync(new URL('../../public/sw.js', import.meta.url), 'utf8')

type Heard = Record<string, (event: object) => void>

/** The service worker with the parts of the browser that it stands on; `done` is what it asked the browser to wait for. */
function worker(pages: string[] = []) {
  const heard: Heard = {}
  const went: string[] = []
  const shown: { title: string; options: Record<string, unknown> }[] = []
  const self = {
    location: { origin: ORIGIN },
    addEventListener: (name: string, run: (event: object) => void) => (heard[name] = run),
    skipWaiting: () => undefined,
    registration: {
      showNotification: (title: string, options: Record<string, unknown>) =>
        Promise.resolve(void shown.push({ title, options })),
    },
    clients: {
      claim: () => Promise.resolve(),
      matchAll: () =>
        Promise.resolve(
          pages.map((url) => ({ url, focus: () => Promise.resolve(went.push(`focus ${url}`)) })),
        ),
      openWindow: (url: string) => Promise.resolve(went.push(`open ${url}`)),
    },
  }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('self', code)(self)
  async function tell(name: string, event: object): Promise<void> {
    let done: Promise<unknown> | undefined
    heard[name]?.({ ...event, waitUntil: (work: Promise<unknown>) => (done = work) })
    await done
  }
  const press = (url: unknown) =>
    tell('notificationclick', { notification: { close: () => went.push('close'), data: { url } } })
  const push = (text: string) => tell('push', { data: { json: (): unknown => JSON.parse(text) } })
  return { heard, went, shown, press, push }
}

test('pressing opens the room, or brings the page of it to the front', async () => {
  const { went, press } = worker([`${ORIGIN}/`, `${ORIGIN}/r/open?x=1`])
  await press('/r/closed')
  await press('/r/open')
  expect(went).toEqual(['close', `open ${ORIGIN}/r/closed`, 'close', `focus ${ORIGIN}/r/open?x=1`])
})

test.each(['https://elsewhere.example/r/x', '//elsewhere.example/r/x', 'javascript:alert(1)', undefined])(
  'pressing never leads to another server: %s',
  async (url) => {
    const { went, press } = worker()
    await press(url)
    expect(went).toEqual(['close', `open ${ORIGIN}/plans`])
  },
)

test('a push is shown with the words of the server', async () => {
  const { shown, push } = worker()
  await push(
    JSON.stringify({
      plan: 'p',
      title: 'x',
      text: { title: 'Weekly', body: 'Begins in 5 minutes.' },
      url: '/r/l',
    }),
  )
  expect(shown).toEqual([
    {
      title: 'Weekly',
      options: expect.objectContaining({
        body: 'Begins in 5 minutes.',
        tag: 'plan p',
        data: { url: '/r/l' },
      }) as unknown,
    },
  ])
})

test('one that cannot be read is shown too', async () => {
  const { shown, push } = worker()
  await push('garbage')
  expect(shown.map(({ title }) => title)).toEqual(['Salon'])
})

const request = (method: string, path: string, mode = 'navigate') => ({
  request: { method, mode, url: `${ORIGIN}${path}` },
})

test('[D2] of the requests of the page it answers what is shared, and nothing else', () => {
  const { heard } = worker()
  expect(Object.keys(heard).sort()).toEqual(['activate', 'fetch', 'install', 'notificationclick', 'push'])
  const answered = (event: object) => {
    let answers = 0
    heard['fetch']!({
      ...event,
      respondWith: (work: Promise<unknown>) => (work.catch(() => 0), (answers += 1)),
    })
    return answers
  }
  expect(answered(request('POST', '/share/files'))).toBe(1)
  for (const event of [
    request('GET', '/'),
    request('GET', '/r/abc'),
    request('GET', '/assets/base.js', 'no-cors'),
    request('GET', '/share', 'cors'),
    request('POST', '/share/files', 'cors'),
    request('POST', '/api/rooms', 'cors'),
    request('GET', '/share/files'),
  ])
    expect(answered(event), JSON.stringify(event)).toBe(0)
})
