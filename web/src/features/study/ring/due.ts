/** Something that rings at a moment of the server's clock. */
export interface Due {
  /** Names the ringing: nothing rings twice by one name. */
  key: string
  at: number
}

interface Waiting {
  set: (key: string, wait: number | null) => void
  stop: () => void
}

function inWorker(fire: (key: string) => void): Waiting {
  const worker = new Worker(new URL('./due.worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<string>) => fire(data)
  return { set: (key, wait) => worker.postMessage({ key, wait }), stop: () => worker.terminate() }
}

/** Without workers it is as punctual as the browser lets it. */
function inPage(fire: (key: string) => void): Waiting {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const drop = (key: string) => {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }
  return {
    set(key, wait) {
      drop(key)
      if (wait !== null)
        timers.set(
          key,
          setTimeout(() => fire(key), Math.min(wait, 2 ** 31 - 1)),
        )
    },
    stop: () => [...timers.keys()].forEach(drop),
  }
}

function waiting(fire: (key: string) => void): Waiting {
  try {
    return inWorker(fire)
  } catch {
    return inPage(fire)
  }
}

/** So much too early is on time: a worker's timer may be a little before its time. */
const EARLY_MS = 4

/** Calls for what is due, each once. `follow` is told anew what there is, and when the clock has changed. */
export function useDue<D extends Due>(now: () => number, fire: (due: D) => void, wait = waiting) {
  const waits = wait(rung)
  let known = new Map<string, D>()

  function rung(key: string): void {
    const due = known.get(key)
    if (!due) return
    const rest = due.at - now()
    if (rest > EARLY_MS) return waits.set(key, rest)
    known.delete(key)
    fire(due)
  }
  function follow(dues: readonly D[]): void {
    const next = new Map(dues.map((due) => [due.key, due]))
    for (const key of known.keys()) if (!next.has(key)) waits.set(key, null)
    known = next
    for (const { key, at } of next.values()) waits.set(key, Math.max(0, at - now()))
  }
  return { follow, stop: waits.stop }
}
