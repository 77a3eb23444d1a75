import type { SiteAnnouncement as Announcement } from '@/contract'
import { call } from './api'

export interface Limits {
  rooms_need_account: boolean
  sign_ups_open: boolean
  largest_room: number | null
  rooms_per_hour: number
  sign_ups_per_hour: number
}

export interface LimitsNow {
  now: Limits
  /** What the server was started with. */
  configured: Limits
  /** What administrators have changed since. */
  chosen: string[]
  /** What changes with the configuration and a restart. */
  fixed: Record<string, number | string | boolean | null>
}

export interface StorageNow {
  at: number
  database: 'sqlite' | 'postgresql'
  database_size: number
  data_size: number
  free: number
  log_events: number
  log_size: number
  kinds: { table: string; rows: number }[]
  rooms: { id: string; name: string; closed: boolean; rows: number; size: number }[]
}

export const listAnnouncements = () =>
  call<{ now: number; announcements: Announcement[] }>('GET', '/api/admin/announcements')
export const announce = (wish: { text: string; level: Announcement['level']; until: number | null }) =>
  call<Announcement>('POST', '/api/admin/announcements', wish)
export const takeBack = (id: string) =>
  call('DELETE', `/api/admin/announcements/${encodeURIComponent(id)}`, {})

export const lookAtLimits = () => call<LimitsNow>('GET', '/api/admin/limits')
/** Null is as it was configured. */
export const changeLimits = (orders: { [Name in keyof Limits]?: Limits[Name] | null }) =>
  call<LimitsNow>('PATCH', '/api/admin/limits', orders)

export const lookAtStorage = () => call<StorageNow>('GET', '/api/admin/storage')
