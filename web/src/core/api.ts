import type { RefusalCode, RoomsRoom } from '@/contract'

export type Preset = RoomsRoom['preset']
export type Theme = RoomsRoom['theme']

/** What a room tells to somebody at its door. */
export interface RoomCard {
  name: string
  preset: Preset
  theme: Theme
  people: number
  /** Whether this session has joined before, and under which name. */
  member: boolean
  person_name: string | null
}

export type PinOutcome = { outcome: 'found'; link: string } | { outcome: 'knock'; ticket: string }
export interface KnockState {
  state: 'new' | 'waiting' | 'accepted' | 'declined' | 'unanswered'
  link?: string | null
}

/** A refusal by the server, or `unreachable` when there was no answer from it at all. */
export class ApiError extends Error {
  constructor(
    readonly code: RefusalCode | 'unreachable',
    message: string,
    readonly field?: string,
    /** Seconds after which trying again makes sense. */
    readonly retryAfter?: number,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

interface RefusalBody {
  ok: false
  code: RefusalCode
  message: string
  field?: string | null
  retry_after?: number | null
}

export const UNREACHABLE = 'The server does not answer. Check your connection, then try again.'

function isRefusal(body: unknown): body is RefusalBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body
}

async function answer(
  method: string,
  path: string,
  payload?: object,
  signal?: AbortSignal,
): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      // A file says itself of what kind it is.
      headers: payload && !(payload instanceof Blob) ? { 'Content-Type': 'application/json' } : {},
      body: payload instanceof Blob ? payload : payload ? JSON.stringify(payload) : null,
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError('unreachable', UNREACHABLE)
  }
  const body: unknown = await response.json().catch(() => null)
  if (response.ok && body !== null) return body
  if (!isRefusal(body)) throw new ApiError('unreachable', UNREACHABLE)
  throw new ApiError(body.code, body.message, body.field ?? undefined, body.retry_after ?? undefined)
}

let known = false

/** One request: `payload` goes as JSON, or as it is when it is a file. Throws an ApiError with the server's reason. */
export async function call<T>(
  method: string,
  path: string,
  payload?: object,
  signal?: AbortSignal,
): Promise<T> {
  // Whoever changes something needs a session; reading goes without.
  if (payload && !known) await session()
  try {
    return (await answer(method, path, payload, signal)) as T
  } catch (error) {
    // The cookie may be gone, or the server's data: get a new one, and ask once more.
    if (!(error instanceof ApiError) || error.code !== 'session_required') throw error
    await session()
    return (await answer(method, path, payload, signal)) as T
  }
}

export async function session(): Promise<{ identity: string }> {
  const mine = (await answer('POST', '/api/session', {})) as { identity: string }
  known = true
  return mine
}

export function createRoom(wish: { preset: Preset; name?: string; theme?: Theme; capacity?: number }) {
  return call<{ link: string; url: string; pin: string }>('POST', '/api/rooms', wish)
}

const room = (link: string) => `/api/rooms/${encodeURIComponent(link)}`
export const roomCard = (link: string, signal?: AbortSignal) =>
  call<RoomCard>('GET', room(link), undefined, signal)
export const qrPicture = (link: string) => `${room(link)}/qr.svg`
export const exportFile = (link: string, file: 'chat.txt' | 'chat.json' | 'archive.zip') =>
  `${room(link)}/export/${file}`

export const findByPin = (pin: string) => call<PinOutcome>('POST', '/api/pin', { pin })

const ticketPath = (ticket: string) => `/api/knocks/${encodeURIComponent(ticket)}`
export const knock = (ticket: string, who: { name: string; about: string }) =>
  call<KnockState>('POST', ticketPath(ticket), who)
/** Answers when the host decided, or after some 20 seconds. */
export const knockState = (ticket: string, signal?: AbortSignal) =>
  call<KnockState>('GET', ticketPath(ticket), undefined, signal)
