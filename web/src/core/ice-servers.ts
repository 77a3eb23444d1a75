import { call as ask } from './api'

interface Given {
  servers: RTCIceServer[]
  expires_at?: number | null
}

/** Before their credentials run out, new ones are there. */
const EARLY_MS = 5 * 60_000
const SOONEST_MS = 30_000
const AGAIN_MS = 10_000
/** Longer a call does not wait for its servers: in most networks it goes without. */
const WITHIN_MS = 4_000
/** What timers can count. */
const LONGEST_MS = 2 ** 31 - 1

/** Servers for the way of one call, and new credentials for as long as it goes on. */
export class Servers {
  private given: RTCIceServer[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly over = new AbortController()
  private first: Promise<void> | undefined

  constructor(
    /** Where they are asked for. */
    private readonly path: string,
    /** The server's clock. */
    private readonly now: () => number,
    /** There are new ones. `late`: the call has begun without any. */
    private readonly told: (servers: RTCIceServer[], late: boolean) => void,
  ) {}

  /** What there is; never rejects. */
  async get(): Promise<RTCIceServer[]> {
    this.first ??= this.load()
    await this.first
    return this.given
  }

  close(): void {
    clearTimeout(this.timer)
    this.over.abort()
  }

  private async load(): Promise<void> {
    const late = new AbortController()
    const clock = setTimeout(() => late.abort(), WITHIN_MS)
    const stop = () => late.abort()
    this.over.signal.addEventListener('abort', stop)
    try {
      const { servers, expires_at } = await ask<Given>('GET', this.path, undefined, late.signal)
      this.given = servers
      // Left out when nothing expires.
      if (expires_at != null) this.later(expires_at - this.now() - EARLY_MS, SOONEST_MS)
    } catch {
      // No answer, or one too many: they are asked for again until the call has ended.
      this.later(AGAIN_MS, AGAIN_MS)
    } finally {
      clearTimeout(clock)
      this.over.signal.removeEventListener('abort', stop)
    }
  }

  private later(wait: number, least: number): void {
    if (this.over.signal.aborted) return
    const late = this.given.length === 0
    this.timer = setTimeout(
      () =>
        void this.load().then(() => {
          if (!this.over.signal.aborted && this.given.length > 0) this.told(this.given, late)
        }),
      Math.min(Math.max(wait, least), LONGEST_MS),
    )
  }
}
