import { shallowReactive } from 'vue'

export interface Toast {
  id: number
  text: string
  look: 'plain' | 'good' | 'bad'
  action?: { label: string; run: () => void }
}

const SHOWN_AT_ONCE = 3
const SECONDS = 5
// An error has to be read and understood, and an action to be reached.
const SECONDS_LONG = 9

export const toasts = shallowReactive<Toast[]>([])
const clocks = new Map<number, ReturnType<typeof setTimeout>>()
let lastId = 0

export function dismiss(id: number): void {
  clearTimeout(clocks.get(id))
  clocks.delete(id)
  const place = toasts.findIndex((toast) => toast.id === id)
  if (place >= 0) toasts.splice(place, 1)
}

/** Stays while the pointer or the focus is on it. */
export function hold(id: number): void {
  clearTimeout(clocks.get(id))
}

export function release(toast: Toast): void {
  hold(toast.id)
  const seconds = toast.look === 'bad' || toast.action ? SECONDS_LONG : SECONDS
  clocks.set(
    toast.id,
    setTimeout(() => dismiss(toast.id), seconds * 1000),
  )
}

export function tell(text: string, more: Partial<Pick<Toast, 'look' | 'action'>> = {}): number {
  // The same words again only start the time anew.
  const known = toasts.find((toast) => toast.text === text)
  if (known) {
    release(known)
    return known.id
  }
  const toast: Toast = { id: ++lastId, text, look: 'plain', ...more }
  toasts.push(toast)
  while (toasts.length > SHOWN_AT_ONCE) dismiss(toasts[0]?.id ?? 0)
  release(toast)
  return toast.id
}

/** What went wrong, in the server's own sentence where there is one. */
export function tellError(error: unknown): void {
  const text = error instanceof Error && error.message ? error.message : 'That did not work. Try again.'
  tell(text, { look: 'bad' })
}
