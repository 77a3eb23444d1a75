import { computed, ref, shallowRef } from 'vue'
import type { SiteAnnouncement as Announcement } from '@/contract'
import { call } from './api'
import { putAway } from './device'

export interface SiteNow {
  now: number
  /** Those that this person has not put away, the newest first. */
  announcements: Announcement[]
  rooms_need_account: boolean
  sign_ups_open: boolean
  largest_room: number | null
}

const IDS_KEPT = 50
/** Pages come and go quickly; what the site says does not. */
const FRESH_MS = 30_000

/** What the server last said of itself; null until it was asked. */
export const site = shallowRef<SiteNow | null>(null)
/** By how much the server's clock is ahead of this device's. */
let ahead = 0
let askedAt = -Infinity
const time = ref(Date.now())

/** What is to be shown now: not over, and not put away on this device. */
export const announcements = computed(() =>
  (site.value?.announcements ?? [])
    .filter(({ id, until }) => !putAway.value.includes(id) && (until === null || until > time.value + ahead))
    // What is important goes first, and among those alike the newest.
    .sort((a, b) => Number(b.level === 'warn') - Number(a.level === 'warn')),
)

export async function loadSite(again = false): Promise<void> {
  if (!again && performance.now() - askedAt < FRESH_MS) return
  askedAt = performance.now()
  try {
    const now = await call<SiteNow>('GET', '/api/site')
    ahead = now.now - Date.now()
    site.value = now
  } catch {
    // Nothing depends on it: it is asked for again with the next page.
    askedAt = -Infinity
  }
}

/** News told in a room: all there are, among them what this person has put away elsewhere. */
export function hear(all: Announcement[]): void {
  const before = site.value
  if (!before) return void loadSite(true)
  const known = new Set(before.announcements.map(({ id }) => id))
  const shown = all.filter(({ id, at }) => known.has(id) || at > before.now)
  site.value = { ...before, announcements: shown }
}

/** Lets what is over go; called now and then by whoever shows it. */
export function look(now: number): void {
  time.value = now
}

export function dismiss(id: string): void {
  putAway.value = [id, ...putAway.value].slice(0, IDS_KEPT)
  // So that it is put away on the person's other devices too. It may wait: here it is away already.
  void call('POST', `/api/announcements/${encodeURIComponent(id)}/read`, {}).catch(() => undefined)
}
