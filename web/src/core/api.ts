import type { RefusalCode, RoomsRoom } from '@/contract'

export type Preset = RoomsRoom['preset']
export type Theme = RoomsRoom['theme']

export type Admission = RoomsRoom['admission']

/** What a room tells to somebody at its door. Its name, kind and company only to whom it is open. */
export interface RoomCard {
  /** What must be done first. */
  way: 'open' | 'password' | 'knock' | 'sign_in' | 'not_invited' | 'locked'
  name: string | null
  preset: Preset | null
  theme: Theme
  people: number | null
  /** Whether this session has joined before, and under which name. */
  member: boolean
  person_name: string | null
}

export type PinOutcome = { outcome: 'found'; link: string } | { outcome: 'knock'; ticket: string }
export interface KnockState {
  state: 'new' | 'waiting' | 'accepted' | 'declined' | 'unanswered'
  link?: string | null
  /** Seconds until one may ask again; only for who knocked by link. */
  again_in?: number
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

export function createRoom(wish: {
  preset: Preset
  name?: string
  theme?: Theme
  capacity?: number
  admission?: Admission
}) {
  return call<{ link: string; url: string; pin: string }>('POST', '/api/rooms', wish)
}

const room = (link: string) => `/api/rooms/${encodeURIComponent(link)}`
export const roomCard = (link: string, signal?: AbortSignal) =>
  call<RoomCard>('GET', room(link), undefined, signal)
export const qrPicture = (link: string) => `${room(link)}/qr.svg`
export type ExportedFile = 'chat.txt' | 'chat.json' | 'queue.txt' | 'attendance.csv' | 'attendance.xlsx'
/** Times in the file are in the IANA zone, by default this device's. */
export const exportFile = (
  link: string,
  file: ExportedFile,
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
) => {
  const times = /^(chat|queue)\./.test(file) ? '' : `?zone=${encodeURIComponent(zone)}`
  return `${room(link)}/export/${file}${times}`
}
/** For hosts: all that the room's activities hold, and its files, as one ZIP. */
export const everythingHref = (
  link: string,
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
) => `/api/files/${encodeURIComponent(link)}/everything.zip?zone=${encodeURIComponent(zone)}`

export const findByPin = (pin: string) => call<PinOutcome>('POST', '/api/pin', { pin })

const ticketPath = (ticket: string) => `/api/knocks/${encodeURIComponent(ticket)}`
export const knock = (ticket: string, who: { name: string; about: string }) =>
  call<KnockState>('POST', ticketPath(ticket), who)
/** Answers when the host decided, or after some 20 seconds. */
export const knockState = (ticket: string, signal?: AbortSignal) =>
  call<KnockState>('GET', ticketPath(ticket), undefined, signal)
/** Answers at once. */
export const knockStateNow = (ticket: string, signal?: AbortSignal) =>
  call<KnockState>('GET', `${ticketPath(ticket)}?now=true`, undefined, signal)

/** Asks the hosts to be let in. Asking again while one waits gives the same ticket. */
export const knockAtDoor = (link: string, who: { name: string; about: string }) =>
  call<{ ticket: string }>('POST', `${room(link)}/knock`, who)
export const givePassword = (link: string, password: string) =>
  call<{ ok: true }>('POST', `${room(link)}/password`, { password })
/** For hosts; null takes the password away. */
export const setPassword = (link: string, password: string | null) =>
  call<{ ok: true }>('PUT', `${room(link)}/password`, { password })

/** Where phones are led through trusting the server, when its certificate is by an authority of its own. */
export function trusting() {
  return call<{ guide: string | null }>('GET', '/api/trusting')
}
