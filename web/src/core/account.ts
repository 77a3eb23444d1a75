import { computed, shallowRef, watch } from 'vue'
import { call } from './api'
import { guest, mode, type Mode } from './device'
import { language } from './locale'
import { forgetUnsent } from './outbox-device'
import { ensureSession } from './session'

export type Looks = 'auto' | 'light' | 'dark'

export interface Account {
  identity: string
  email: string | null
  /** Whether it was proven that mail to the address reaches this person. */
  verified: boolean
  name: string
  about: string
  theme: Looks
  /** A language tag, or empty: as the browser says. */
  language: string
  picture: string | null
  groups: string[]
  admin: boolean
  has_password: boolean
  /** Whether a code is asked for besides. */
  second_factor: boolean
  created_at: number
}

export interface Whoami {
  /** Who this browser is to the server, signed in or not; null without a session. */
  identity: string | null
  /** None for a guest. */
  account: Account | null
  /** In this browser the right password was given: a code is asked for. */
  second_step: { expires_at: number } | null
  /** Of the account. */
  second_factor: FactorState | null
  /** The providers with which this account can be signed in to. */
  linked: string[]
  /** Whether this server can send mail. */
  mail: boolean
  providers: { name: string; title: string }[]
}

export interface FactorState {
  /** Null while it is off. */
  since: number | null
  /** Recovery codes that were not used yet. */
  recovery_left: number
  /** This server asks it of administrators, and the account is one's. */
  needed: boolean
}

export interface ShownSession {
  id: string
  current: boolean
  bearer: boolean
  created_at: number
  used_at: number
}

export type Profile = Partial<Pick<Account, 'name' | 'about' | 'theme' | 'language'>>

export const MODE_OF: Record<Looks, Mode> = { auto: 'system', light: 'light', dark: 'dark' }
const LOOKS_OF: Record<Mode, Looks> = { system: 'auto', light: 'light', dark: 'dark' }

/** What the server last said of this browser; null until it was asked. */
export const who = shallowRef<Whoami | null>(null)
export const account = computed(() => who.value?.account ?? null)

let asking: Promise<Whoami> | undefined

/** Asks once for each page; `again` after something has changed. */
export function loadWho(again = false): Promise<Whoami> {
  if (again) asking = undefined
  const asked = (asking ??= call<Whoami>('GET', '/api/account').catch((error: unknown) => {
    asking = undefined
    throw error
  }))
  return asked.then((answer) => {
    // An older answer must not undo a newer one.
    if (asking === asked && who.value !== answer) take(answer)
    return answer
  })
}

function take(next: Whoami): void {
  who.value = next
  if (next.account) {
    mode.value = MODE_OF[next.account.theme]
    language.value = next.account.language
  } else guest.value = next.identity ?? ''
}

// Light or dark is chosen in many places of the page: whoever is signed in finds it on all of their devices.
watch(mode, (now) => {
  const mine = account.value
  if (mine && MODE_OF[mine.theme] !== now) void saveProfile({ theme: LOOKS_OF[now] }).catch(() => undefined)
})

// Other tabs of this browser have the same session: they hear of it when it changes.
const tabs = typeof BroadcastChannel === 'function' ? new BroadcastChannel('salon.account') : null
tabs?.addEventListener('message', () => void loadWho(true).catch(() => undefined))

/** The session is another one: everything that was known of it is asked for anew. */
export async function renewed(): Promise<void> {
  await ensureSession(true)
  await loadWho(true)
  tabs?.postMessage('renewed')
}

function replaced(mine: Account): Account {
  if (who.value) take({ ...who.value, account: mine })
  return mine
}

interface SignedIn {
  account: Account
}
interface HalfSignedIn {
  second_step: { expires_at: number }
}

/** In, or asked for a code first: then `who` says so. */
async function entered(answer: SignedIn | HalfSignedIn): Promise<void> {
  if ('account' in answer) await renewed()
  else await loadWho(true)
}

export async function signUp(wish: { email: string; password: string; name: string }): Promise<void> {
  const chosen = LOOKS_OF[mode.value]
  await call<SignedIn>('POST', '/api/account', wish)
  // What was chosen on this device before is what the person wants.
  if (chosen !== 'auto') await call<Account>('PATCH', '/api/account', { theme: chosen })
  await renewed()
}

export async function signIn(wish: { email: string; password: string }): Promise<void> {
  await entered(await call<SignedIn | HalfSignedIn>('POST', '/api/account/sign-in', wish))
}

/** Shows once more that it is oneself: the session begins anew. */
export async function prove(password: string): Promise<void> {
  await call<SignedIn>('POST', '/api/account/proof', { password })
  await renewed()
}

export async function signOut(everywhere = false): Promise<void> {
  await call('POST', everywhere ? '/api/account/sign-out-everywhere' : '/api/account/sign-out', {})
  forgetUnsent()
  await renewed()
}

export const saveProfile = async (profile: Profile): Promise<Account> =>
  replaced(await call<Account>('PATCH', '/api/account', profile))

export async function setPicture(picture: Blob): Promise<void> {
  await call<{ picture: string }>('PUT', '/api/account/picture', picture)
  await renewed()
}

export async function removePicture(): Promise<void> {
  await call('DELETE', '/api/account/picture', {})
  await renewed()
}

export async function changePassword(current: string | null, password: string): Promise<void> {
  await call<SignedIn>('POST', '/api/account/password', {
    ...(current === null ? {} : { current }),
    password,
  })
  await renewed()
}

/** `mail`: a link was sent to the new address; without, the address is changed already. */
export async function changeEmail(email: string): Promise<{ mail: boolean }> {
  const answer = await call<{ mail: boolean }>('POST', '/api/account/email', { email })
  if (!answer.mail) await renewed()
  return answer
}

export const sendVerification = () => call<{ mail: boolean }>('POST', '/api/account/verification', {})

export async function confirmAddress(token: string): Promise<void> {
  await call('POST', '/api/account/verify', { token })
  await loadWho(true)
}

export const askForReset = (email: string) => call<{ mail: boolean }>('POST', '/api/account/reset', { email })

export async function choosePassword(token: string, password: string): Promise<void> {
  const path = '/api/account/new-password'
  await entered(await call<SignedIn | HalfSignedIn>('POST', path, { token, password }))
}

/** Where the browser goes to sign in at a provider, or to link it. */
export const leaveForProvider = (name: string, backTo: string) =>
  call<{ url: string }>('POST', `/api/account/oidc/${encodeURIComponent(name)}/start`, { back_to: backTo })

export async function unlinkProvider(name: string): Promise<void> {
  await call('DELETE', `/api/account/providers/${encodeURIComponent(name)}`, {})
  await loadWho(true)
}

export const listSessions = async (): Promise<ShownSession[]> =>
  (await call<{ sessions: ShownSession[] }>('GET', '/api/account/sessions')).sessions

export const endSession = (id: string) =>
  call('DELETE', `/api/account/sessions/${encodeURIComponent(id)}`, {})

export async function deleteAccount(password: string | null): Promise<void> {
  await call('DELETE', '/api/account', password === null ? {} : { password })
  forgetUnsent()
  await renewed()
}
