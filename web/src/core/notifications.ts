import { ref, shallowRef } from 'vue'
import { ApiError, call } from './api'

export interface Told {
  id: number
  kind: 'plan.created' | 'plan.changed' | 'plan.cancelled' | 'plan.reminder'
  plan: string | null
  title: string
  who: string
  start: number | null
  zone: string
  minutes: number | null
  link: string | null
  created_at: number
  read_at: number | null
}

interface Answer {
  stamp: string
  unread: number
  notifications: Told[]
}

/** What there is to tell whoever is signed in; null until it was asked. */
export const notifications = shallowRef<Told[] | null>(null)
export const unread = ref(0)
/** Whether the list is open: it opens from the header of pages and from the menu inside of rooms. */
export const listOpen = ref(false)

const PAUSE_AFTER_LOSS_MS = 5_000
const LONGEST_PAUSE_MS = 60_000

let stamp = ''
const followers = new Set<() => void>()

/** Whenever there is something new. */
export function onNews(follow: () => void): () => void {
  followers.add(follow)
  return () => followers.delete(follow)
}

function take(answer: Answer): void {
  if (answer.stamp === stamp) return
  stamp = answer.stamp
  unread.value = answer.unread
  notifications.value = answer.notifications
  for (const follow of followers) follow()
}

export async function markRead(ids?: number[]): Promise<void> {
  take(await call<Answer>('POST', '/api/notifications/read', ids ? { ids } : {}))
}

const ask = (signal: AbortSignal) =>
  call<Answer>(
    'GET',
    stamp ? `/api/notifications?than=${encodeURIComponent(stamp)}` : '/api/notifications',
    undefined,
    signal,
  )

/**
 * Asks until it is stopped; the server answers when there is something, or after some 20 seconds. Only while the page is
 * in sight: browsers have few connections to one server, and many tabs would use them up.
 */
export function followNotifications(): () => void {
  let round: AbortController | undefined

  async function run(mine: AbortController): Promise<void> {
    let pause = PAUSE_AFTER_LOSS_MS
    while (!mine.signal.aborted) {
      try {
        take(await ask(mine.signal))
        pause = PAUSE_AFTER_LOSS_MS
      } catch (error) {
        if (mine.signal.aborted) return
        // Signed out: whoever started it stops it.
        if (error instanceof ApiError && error.code === 'sign_in_required') return
        await new Promise((resolve) => setTimeout(resolve, pause))
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      }
    }
  }
  function look(): void {
    if (document.hidden) {
      round?.abort()
      round = undefined
    } else if (!round) {
      round = new AbortController()
      void run(round)
    }
  }
  document.addEventListener('visibilitychange', look)
  look()
  return () => {
    document.removeEventListener('visibilitychange', look)
    round?.abort()
    stamp = ''
    unread.value = 0
    notifications.value = null
  }
}
