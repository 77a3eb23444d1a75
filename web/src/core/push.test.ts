import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lookAtPush, pushState, switchPushOff, switchPushOn } from './push'

const KEY = 'AQIDBA'
const BYTES = new Uint8Array([1, 2, 3, 4])

interface Held {
  endpoint: string
  options: { applicationServerKey: ArrayBuffer }
  unsubscribe: () => Promise<boolean>
  toJSON: () => PushSubscriptionJSON
}

let held: Held | null
let asked: { method: string; path: string; body: unknown }[]
let permission: NotificationPermission
let answer: NotificationPermission
/** The code with which the server refuses. */
let refuse: string
const requests = vi.fn(() => Promise.resolve((permission = answer)))

const subscription = (key: Uint8Array<ArrayBuffer> = BYTES): Held => ({
  endpoint: 'https://push.example/1',
  options: { applicationServerKey: key.slice().buffer },
  unsubscribe: () => Promise.resolve((held = null) === null),
  toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } }),
})
const worker = {
  pushManager: {
    getSubscription: () => Promise.resolve(held),
    subscribe: ({ applicationServerKey }: { applicationServerKey: Uint8Array<ArrayBuffer> }) =>
      Promise.resolve((held = subscription(applicationServerKey))),
  },
}

beforeEach(() => {
  held = null
  asked = []
  permission = 'default'
  answer = 'granted'
  refuse = ''
  requests.mockClear()
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('PushManager', class {})
  class Stub {
    static get permission() {
      return permission
    }
    static requestPermission = requests
  }
  vi.stubGlobal('Notification', Stub)
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: {
      getRegistration: () => Promise.resolve(worker),
      register: () => Promise.resolve(worker),
      ready: Promise.resolve(worker),
    },
  })
  vi.stubGlobal('fetch', (path: string, { method, body }: { method: string; body: string | null }) => {
    if (path !== '/api/session') asked.push({ method, path, body: body && JSON.parse(body) })
    if (refuse && path === '/api/push/subscriptions')
      return Promise.resolve(
        new Response(JSON.stringify({ ok: false, code: refuse, message: 'No.' }), { status: 403 }),
      )
    return Promise.resolve(new Response(JSON.stringify({ ok: true, key: KEY })))
  })
})
afterEach(() => vi.unstubAllGlobals())

const paths = () => asked.map(({ method, path }) => `${method} ${path}`)

test.each([
  ['insecure', () => vi.stubGlobal('isSecureContext', false)],
  ['unsupported', () => Reflect.deleteProperty(window, 'PushManager')],
  ['blocked', () => (permission = 'denied')],
  ['ask', () => undefined],
])('%s: looking asks nobody for anything', async (state, arrange) => {
  arrange()
  await lookAtPush()
  expect(pushState.value).toBe(state)
  expect(requests).not.toHaveBeenCalled()
  expect(asked).toEqual([])
})

test('a subscription that is there is told again, as the session may be another one', async () => {
  permission = 'granted'
  held = subscription()
  await lookAtPush()
  expect(pushState.value).toBe('on')
  expect(asked).toEqual([
    {
      method: 'POST',
      path: '/api/push/subscriptions',
      body: { endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' }, again: true },
    },
  ])
})

test('one that was taken off the list elsewhere is off here too', async () => {
  permission = 'granted'
  held = subscription()
  refuse = 'push_stopped'
  await lookAtPush()
  expect(pushState.value).toBe('ask')
  expect(held).toBeNull()
})

test('while the server cannot be told, it stays on here', async () => {
  permission = 'granted'
  held = subscription()
  refuse = 'rate_limited'
  await lookAtPush()
  expect(pushState.value).toBe('on')
  expect(held).not.toBeNull()
})

test('switching on asks for permission, subscribes with the server’s key and tells it', async () => {
  await switchPushOn()
  expect(requests).toHaveBeenCalledOnce()
  expect(new Uint8Array(held!.options.applicationServerKey)).toEqual(BYTES)
  expect(paths()).toEqual(['GET /api/push/key', 'POST /api/push/subscriptions'])
  expect(pushState.value).toBe('on')
})

test('one that was made with another key is made anew', async () => {
  held = subscription(new Uint8Array([9]))
  await switchPushOn()
  expect(new Uint8Array(held.options.applicationServerKey)).toEqual(BYTES)
})

test.each([
  ['denied', 'blocked'],
  ['default', 'ask'],
] as const)('permission %s: %s, and nothing is told', async (given, state) => {
  answer = given
  await switchPushOn()
  expect(pushState.value).toBe(state)
  expect(asked).toEqual([])
})

test('switching off ends it here and at the server', async () => {
  permission = 'granted'
  held = subscription()
  await switchPushOff()
  expect(held).toBeNull()
  expect(paths()).toEqual(['DELETE /api/push/subscriptions'])
  expect(pushState.value).toBe('ask')
})
