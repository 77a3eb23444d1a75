import type { HashNews } from './hash.worker'

export interface Hashing {
  /** In hexadecimal; null when it was stopped, or the file cannot be read. */
  sha256: Promise<string | null>
  stop: () => void
}

/** The SHA-256 of a file of any size, worked out beside the page. `seen` is told the bytes that are through. */
export function hashOf(file: Blob, seen: (bytes: number) => void = () => undefined): Hashing {
  let worker: Worker
  try {
    worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' })
  } catch {
    return { sha256: Promise.resolve(null), stop: () => undefined }
  }
  let settle: (hash: string | null) => void
  const sha256 = new Promise<string | null>((resolve) => (settle = resolve))
  const end = (hash: string | null) => {
    worker.terminate()
    settle(hash)
  }
  worker.onmessage = ({ data }: MessageEvent<HashNews>) => {
    if ('seen' in data) seen(data.seen)
    else end('sha256' in data ? data.sha256 : null)
  }
  worker.onerror = () => end(null)
  worker.postMessage(file)
  return { sha256, stop: () => end(null) }
}
