import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SiteAnnouncement as Announcement } from '@/contract'

const one = (id: string, more: Partial<Announcement> = {}): Announcement => ({
  id,
  text: id,
  level: 'info',
  at: 1_000,
  until: null,
  ...more,
})

async function fresh(announcements: Announcement[], now = Date.now()) {
  vi.resetModules()
  localStorage.clear()
  const answer = { now, announcements, rooms_need_account: false, sign_ups_open: true, largest_room: null }
  const fetched = vi.fn((path: string) =>
    Promise.resolve(new Response(JSON.stringify(path === '/api/site' ? answer : { ok: true }))),
  )
  vi.stubGlobal('fetch', fetched)
  const site = await import('./site')
  await site.loadSite()
  return { ...site, fetched }
}
const ids = (list: { value: Announcement[] }) => list.value.map(({ id }) => id)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('[P6] shows what is new, and not again what was read elsewhere', async () => {
  const now = Date.now()
  const { announcements, hear } = await fresh([one('a')], now)
  hear([one('c', { at: now + 5 }), one('read elsewhere'), one('a')])
  expect(ids(announcements)).toEqual(['c', 'a'])
  hear([one('c', { at: now + 5 })])
  expect(ids(announcements)).toEqual(['c'])
})

it('[P6] puts away for good on this device, and tells the server', async () => {
  const { announcements, dismiss, fetched, hear } = await fresh([one('a'), one('b')])
  dismiss('a')
  expect(ids(announcements)).toEqual(['b'])
  hear([one('a'), one('b')])
  expect(ids(announcements)).toEqual(['b'])
  await vi.advanceTimersByTimeAsync(0)
  await vi.waitFor(() =>
    expect(fetched.mock.calls.map(([path]) => path)).toContain('/api/announcements/a/read'),
  )
})

it('[P6] ends by the clock of the server', async () => {
  const server = Date.now() + 3_600_000
  const { announcements, look } = await fresh([one('a', { until: server + 60_000 })], server)
  expect(ids(announcements)).toEqual(['a'])
  look(Date.now() + 61_000)
  expect(ids(announcements)).toEqual([])
})

it('asks once for pages that follow each other', async () => {
  const { fetched, loadSite } = await fresh([])
  await loadSite()
  expect(fetched).toHaveBeenCalledTimes(1)
  await loadSite(true)
  expect(fetched).toHaveBeenCalledTimes(2)
})
