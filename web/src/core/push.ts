import { ref } from 'vue'
import { ApiError, call } from './api'

/** `ask`: it can be switched on; the others say why it cannot, or that it is on. */
export type PushState = 'looking' | 'insecure' | 'unsupported' | 'blocked' | 'ask' | 'on'

/** Whether this browser is told of planned rooms while no page is open. */
export const pushState = ref<PushState>('looking')

function possible(): PushState | null {
  if (!window.isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || typeof Notification !== 'function')
    return 'unsupported'
  return Notification.permission === 'denied' ? 'blocked' : null
}

async function subscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration('/')
  return (await worker?.pushManager.getSubscription()) ?? null
}

const told = ({ endpoint, keys }: PushSubscriptionJSON, again = false) =>
  call('POST', '/api/push/subscriptions', {
    endpoint,
    keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] },
    ...(again ? { again } : {}),
  })

/**
 * Looks how it is here. A subscription belongs to the browser's session at the server: it is told anew, as the session
 * may be another one since.
 */
export async function lookAtPush(): Promise<void> {
  const no = possible()
  if (no) {
    pushState.value = no
    return
  }
  const mine = Notification.permission === 'granted' ? await subscription() : null
  pushState.value = mine ? 'on' : 'ask'
  if (!mine) return
  try {
    await told(mine.toJSON(), true)
  } catch (error) {
    // Otherwise it cannot be told now: the next page tells it.
    if (!(error instanceof ApiError) || error.code !== 'push_stopped') return
    // On another device it was taken off the list.
    pushState.value = 'ask'
    await mine.unsubscribe().catch(() => false)
  }
}

function bytes(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

/** Asks the browser's permission: only ever after a press. */
export async function switchPushOn(): Promise<void> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') {
    // Put away without an answer, it may be asked again.
    pushState.value = permission === 'denied' ? 'blocked' : 'ask'
    return
  }
  const { key } = await call<{ key: string }>('GET', '/api/push/key')
  await navigator.serviceWorker.register('/sw.js', { scope: '/' })
  const worker = await navigator.serviceWorker.ready
  const known = await worker.pushManager.getSubscription()
  // One that was made with another key of the server is of no use any more.
  const wanted = bytes(key)
  const held = known?.options.applicationServerKey
  if (known && held && !same(new Uint8Array(held), wanted)) await known.unsubscribe()
  const mine = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted })
  await told(mine.toJSON())
  pushState.value = 'on'
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at])

export async function switchPushOff(): Promise<void> {
  const mine = await subscription()
  if (mine) {
    await mine.unsubscribe()
    await call('DELETE', '/api/push/subscriptions', { endpoint: mine.endpoint })
  }
  pushState.value = 'ask'
}

/** A browser of this account that is told while no page is open. */
export interface PushBrowser {
  id: string
  browser: string
  current: boolean
  created_at: number
}

export const listPushBrowsers = async (): Promise<PushBrowser[]> =>
  (await call<{ subscriptions: PushBrowser[] }>('GET', '/api/push/subscriptions')).subscriptions

/** It stays off until it is switched on there by hand. */
export const removePushBrowser = (id: string) =>
  call('DELETE', `/api/push/subscriptions/${encodeURIComponent(id)}`, {})
