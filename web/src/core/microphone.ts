/** Why this page has no microphone. The first two hold whatever anybody allows. */
export type MicrophoneTrouble =
  /** The page came without HTTPS. */
  | 'insecure'
  /** The browser has no microphone for pages, as many that are built into other apps. */
  | 'unsupported'
  /** The person, the browser or the system has not allowed it. */
  | 'denied'
  /** There is none. */
  | 'missing'
  /** There is one, and it does not start: something else has it. */
  | 'busy'

export interface Surroundings {
  readonly isSecureContext: boolean
  /** Missing, not empty, on pages without HTTPS and in browsers without it. */
  readonly navigator: { readonly mediaDevices?: { readonly getUserMedia?: unknown } }
}

/** What stands in the way, before anybody is asked for permission; `null` when nothing does. */
export function microphoneTrouble(page: Surroundings = window): MicrophoneTrouble | null {
  if (!page.isSecureContext) return 'insecure'
  return typeof page.navigator.mediaDevices?.getUserMedia === 'function' ? null : 'unsupported'
}

/** What is wrong, by what `getUserMedia` was refused with. */
export function microphoneCause(error: unknown): MicrophoneTrouble {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'TypeError' ? 'unsupported' : 'busy'
}
