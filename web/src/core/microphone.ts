/** Why this page cannot have the microphone at all, whatever anybody allows. */
export type MicrophoneTrouble =
  /** The page came without HTTPS. */
  | 'insecure'
  /** The browser has no microphone for pages, as many that are built into other apps. */
  | 'unsupported'

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
