import { session } from './api'

let running: Promise<unknown> | undefined

/** A session for this browser; asked for once for each page, unless the server has forgotten it since. */
export function ensureSession(again = false): Promise<unknown> {
  if (again) running = undefined
  running ??= session().catch((error: unknown) => {
    running = undefined
    throw error
  })
  return running
}
