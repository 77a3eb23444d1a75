import type { Account } from './account'
import { call, type Preset } from './api'

/** How many entries the server gives at a time. */
export const PAGE = 100

export interface ManagedAccount {
  account: Account
  disabled: boolean
}

export interface ManagedRoom {
  id: string
  name: string
  preset: Preset
  /** Who are in it now. */
  people: number
  created_at: number
  active_at: number
  closed: boolean
}

export interface AuditLine {
  id: number
  at: number
  actor: string | null
  actor_name: string | null
  action: string
  subject: string | null
  subject_name: string | null
  /** The name of the person in the room whom it was done to. */
  person_name: string | null
  detail: Record<string, unknown>
  network: string | null
}

const query = (wish: Record<string, string | number | boolean>) =>
  new URLSearchParams(
    Object.entries(wish)
      .filter(([, value]) => value !== '' && value !== false && value !== 0)
      .map(([name, value]) => [name, String(value)]),
  ).toString()

export const listUsers = (wish: { q: string; offset: number }, signal: AbortSignal) =>
  call<{ total: number; accounts: ManagedAccount[] }>(
    'GET',
    `/api/admin/users?${query(wish)}`,
    undefined,
    signal,
  )

export const orderUser = (
  identity: string,
  orders: { disabled?: boolean; admin?: boolean; groups?: string[] },
) => call<ManagedAccount>('PATCH', `/api/admin/users/${encodeURIComponent(identity)}`, orders)

export const handResetLink = (identity: string) =>
  call<{ url: string; expires_at: number }>(
    'POST',
    `/api/admin/users/${encodeURIComponent(identity)}/reset-link`,
    {},
  )

/** For whoever has lost app and recovery codes. */
export const resetSecondFactor = (identity: string) =>
  call<ManagedAccount>('DELETE', `/api/admin/users/${encodeURIComponent(identity)}/second-factor`, {})

export const listRooms = (wish: { q: string; closed: boolean; offset: number }, signal: AbortSignal) =>
  call<{ total: number; rooms: ManagedRoom[] }>('GET', `/api/admin/rooms?${query(wish)}`, undefined, signal)

export const closeRoom = (id: string) => call('POST', `/api/admin/rooms/${encodeURIComponent(id)}/close`, {})

export const listAudit = (
  wish: { actor: string; action: string; subject: string; before: number },
  signal: AbortSignal,
) => call<{ lines: AuditLine[] }>('GET', `/api/admin/audit?${query(wish)}`, undefined, signal)
