import type { RoomsRoom } from '@/contract'
import { call, type Preset, type Theme } from './api'

export interface MyRoom {
  link: string
  url: string
  name: string
  preset: Preset
  theme: Theme
  role: 'owner' | 'cohost' | 'participant' | 'audience'
  /** Has been in it: whoever made a room may not have entered it yet. */
  joined: boolean
  /** For those who run it, while it is open. */
  pin: RoomsRoom['pin'] | null
  people: number
  /** Is in it now, on some device. */
  here: boolean
  came_at: number
  closed_at: number | null
}

export interface MyRooms {
  total: number
  rooms: MyRoom[]
}

/** Rooms that one runs and that are open, or those that one was in. */
export const listMyRooms = (which: 'mine' | 'visited', offset = 0, signal?: AbortSignal) =>
  call<MyRooms>('GET', `/api/me/rooms?which=${which}&offset=${offset}`, undefined, signal)

const path = (link: string) => `/api/me/rooms/${encodeURIComponent(link)}`
export const forgetRoom = (link: string) => call('DELETE', path(link), {})
export const closeMyRoom = (link: string) => call('POST', `${path(link)}/close`, {})
