/** Several things tell of one change, one after the other: one is made of them. */
const TOGETHER_MS = 700
/** Timers that were not called for so long: the machine has slept. */
const SLEPT_MS = 8_000
const TICK_MS = 2_000
/** A page that was hidden for less has lost nothing. */
const HIDDEN_MS = 15_000

/** Calls back once when the device is in another network, or has slept and is awake again, until the returned function is called. */
export function watchNetwork(moved: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = Date.now()
  let hiddenAt: number | null = null
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(moved, TOGETHER_MS)
  }
  const beat = setInterval(() => {
    const now = Date.now()
    // Hidden pages are called seldom, and have not slept for that.
    if (now - last > SLEPT_MS && document.visibilityState === 'visible') soon()
    last = now
  }, TICK_MS)
  const seen = () => {
    if (document.visibilityState === 'hidden') hiddenAt = Date.now()
    else if (hiddenAt !== null && Date.now() - hiddenAt > HIDDEN_MS) soon()
    if (document.visibilityState === 'visible') {
      hiddenAt = null
      last = Date.now()
    }
  }
  const connection = (navigator as { connection?: EventTarget }).connection
  window.addEventListener('online', soon)
  connection?.addEventListener('change', soon)
  document.addEventListener('visibilitychange', seen)
  return () => {
    clearTimeout(timer)
    clearInterval(beat)
    window.removeEventListener('online', soon)
    connection?.removeEventListener('change', soon)
    document.removeEventListener('visibilitychange', seen)
  }
}
