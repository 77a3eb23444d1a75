import { newId } from '@/core/ids'

interface Kept {
  line: string
  /** It was in the call when it went. */
  joined: boolean
  microphone: boolean
  camera: boolean
}

const nameOf = (room: string) => `salon.call.${room}`
const isKept = (value: unknown): value is Kept => {
  const kept = value as Kept | null
  return (
    typeof kept?.line === 'string' &&
    [kept.joined, kept.microphone, kept.camera].every((each) => typeof each === 'boolean')
  )
}

/**
 * What a tab knows of the call of a room, over reloads: its line, by which the server knows it again. It stands in the storage only
 * from when the page goes until the next one has come: browsers copy the storage into duplicated tabs, and a copy is not
 * to be taken for this one.
 */
export class CallTab {
  readonly line: string
  /** Kept by the page before this one, in the same tab; null: there was none. */
  readonly before: Kept | null
  private readonly name: string

  constructor(
    room: string,
    private readonly now: () => Omit<Kept, 'line'>,
  ) {
    this.name = nameOf(room)
    this.before = this.take()
    this.line = this.before?.line ?? newId()
    window.addEventListener('pagehide', this.keep)
    window.addEventListener('pageshow', this.back)
  }

  close(): void {
    window.removeEventListener('pagehide', this.keep)
    window.removeEventListener('pageshow', this.back)
    this.keep()
  }

  private readonly keep = () => {
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ line: this.line, ...this.now() }))
    } catch {
      // Blocked: the place is had again when the server has noticed that it is free.
    }
  }

  /** The very page again, out of the browser's memory. */
  private readonly back = ({ persisted }: PageTransitionEvent) => {
    if (persisted) this.take()
  }

  private take(): Kept | null {
    try {
      const text = sessionStorage.getItem(this.name)
      sessionStorage.removeItem(this.name)
      const kept: unknown = JSON.parse(text ?? 'null')
      return isKept(kept) ? kept : null
    } catch {
      return null
    }
  }
}
