/** Calls ten times a second until the returned function is called; behind other tabs as well. */
export function everyTick(run: () => void): () => void {
  try {
    const worker = new Worker(new URL('./ticks.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = run
    return () => worker.terminate()
  } catch {
    // Without workers it is as often as the browser lets it.
    const timer = setInterval(run, 100)
    return () => clearInterval(timer)
  }
}
