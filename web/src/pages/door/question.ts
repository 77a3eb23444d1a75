import { ApiError, UNREACHABLE } from '@/core/api'

/** The server answers within 20 seconds: a connection that is silent for longer is dead. */
const LONGEST_MS = 30_000

/**
 * Asks the server something that it may take its time to answer. When the device is awake again, or has a network again,
 * the question is asked anew at once: the old one may have been lost without a word.
 */
export async function askPatiently<T>(
  question: (signal: AbortSignal) => Promise<T>,
  leaving: AbortSignal,
): Promise<T> {
  for (;;) {
    const once = new AbortController()
    let woken = false
    const stop = () => once.abort()
    const wake = () => {
      woken = true
      stop()
    }
    const shown = (event: PageTransitionEvent) => event.persisted && wake()
    const seen = () => document.visibilityState === 'visible' && wake()
    const clock = setTimeout(stop, LONGEST_MS)
    if (leaving.aborted) stop()
    leaving.addEventListener('abort', stop)
    window.addEventListener('online', wake)
    window.addEventListener('pageshow', shown)
    document.addEventListener('visibilitychange', seen)
    try {
      return await question(once.signal)
    } catch (error) {
      if (leaving.aborted || !once.signal.aborted) throw error
      if (!woken) throw new ApiError('unreachable', UNREACHABLE)
    } finally {
      clearTimeout(clock)
      leaving.removeEventListener('abort', stop)
      window.removeEventListener('online', wake)
      window.removeEventListener('pageshow', shown)
      document.removeEventListener('visibilitychange', seen)
    }
  }
}
