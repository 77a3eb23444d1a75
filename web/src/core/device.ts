import { ref, watch, type Ref } from 'vue'
import type { Preset, Theme } from './api'

/** What this device remembers. Storage may be full or blocked: then it is remembered until the page goes. */
export function remembered<T>(key: string, fallback: T, valid: (value: unknown) => value is T): Ref<T> {
  const name = `salon.${key}`
  const read = (text: string | null): T => {
    try {
      const value: unknown = typeof fallback === 'string' ? text : JSON.parse(text ?? 'null')
      return valid(value) ? value : fallback
    } catch {
      return fallback
    }
  }
  const load = (): T => {
    try {
      return read(localStorage.getItem(name))
    } catch {
      return fallback
    }
  }
  const value = ref(load()) as Ref<T>
  watch(
    value,
    (now) => {
      try {
        localStorage.setItem(name, typeof now === 'string' ? now : JSON.stringify(now))
      } catch {
        // Nothing to do: see above.
      }
    },
    { deep: true },
  )
  // Other tabs of this device follow.
  window.addEventListener('storage', (event) => {
    if (event.key === name) value.value = read(event.newValue)
  })
  return value
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isSwitch = (value: unknown): value is boolean => typeof value === 'boolean'

export type Mode = 'system' | 'light' | 'dark'
export const mode = remembered<Mode>('mode', 'system', (value): value is Mode =>
  ['system', 'light', 'dark'].includes(value as string),
)
/** A language tag that decides how dates and numbers are written; empty: as the browser does. */
export const language = remembered('language', '', (value): value is string => {
  if (!isText(value)) return false
  try {
    return value === '' || Intl.getCanonicalLocales(value).length === 1
  } catch {
    return false
  }
})
export const soundOn = remembered('sound', true, isSwitch)
export const notifyOn = remembered('notify', false, isSwitch)
/** The microphone that was chosen, as the browser calls it here; empty: the one that it takes by itself. */
export const microphoneId = remembered('microphone', '', isText)
/** The camera that was chosen, likewise. */
export const cameraId = remembered('camera', '', isText)
/** Whether one begins a call with them. */
export const withMicrophone = remembered('with-microphone', true, isSwitch)
export const withCamera = remembered('with-camera', true, isSwitch)
/** What stands behind somebody in calls on this device, as `features/call/effects` knows it by name. */
export const callBackground = remembered('call-background', 'none', isText)
/** Noise is taken from this device's microphone in calls, beyond what its browser does. */
export const callQuiet = remembered('call-quiet', false, isSwitch)
/** This browser's last guest, as the server knows them: who signs in takes along what that one has left here. */
export const guest = remembered('guest', '', isText)
export const myName = remembered('name', '', isText)
export const myAbout = remembered('about', '', isText)
/** What others know this device by; empty: what its browser says that it is. */
export const deviceName = remembered('device-name', '', isText)

/** Where this device plays what is said over phones: a loudspeaker of its own choice; null is the system's. */
export interface Loudspeaker {
  id: string
  name: string
}
export const loudspeaker = remembered<Loudspeaker | null>(
  'loudspeaker',
  null,
  (value): value is Loudspeaker | null =>
    value === null ||
    (isText((value as Loudspeaker | null)?.id) && isText((value as Loudspeaker | null)?.name)),
)

/** How people stand in a call on this device. */
export type CallLayout = 'grid' | 'speaker' | 'sidebar'
export const callLayout = remembered<CallLayout>('call-layout', 'grid', (value): value is CallLayout =>
  ['grid', 'speaker', 'sidebar'].includes(value as string),
)
/** Not to see oneself in a call; the others do. */
export const callHideSelf = remembered('call-hide-self', false, isSwitch)
/** Single keys do something in a call. Who speaks to the computer, or types by accident, switches them off. */
export const callKeys = remembered('call-keys', true, isSwitch)

/** Announcements that were put away on this device, by id. */
export const putAway = remembered<string[]>(
  'put-away',
  [],
  (value): value is string[] => Array.isArray(value) && value.every(isText),
)

export interface VisitedRoom {
  link: string
  name: string
  preset: Preset
  theme: Theme
  at: number
}
const isVisits = (value: unknown): value is VisitedRoom[] =>
  Array.isArray(value) && value.every((entry) => isText((entry as VisitedRoom | null)?.link))

const VISITS_KEPT = 6
export const visits = remembered<VisitedRoom[]>('visits', [], isVisits)

export function rememberVisit(visit: VisitedRoom): void {
  visits.value = [visit, ...visits.value.filter((known) => known.link !== visit.link)].slice(0, VISITS_KEPT)
}

export function forgetVisit(link: string): void {
  visits.value = visits.value.filter((known) => known.link !== link)
}
