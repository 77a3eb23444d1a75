import { newId } from '@/core/ids'

export type Side = 'phone' | 'screen'

interface Kept {
  line: string
  phone: string[]
  screen: string[]
  /** Auto mode calls to this page. */
  desk: boolean
}

const nameOf = (room: string) => `salon.voice.${room}`

const isKept = (value: unknown): value is Kept => {
  const kept = value as Kept | null
  return (
    typeof kept?.line === 'string' &&
    [kept.phone, kept.screen].every(
      (calls) => Array.isArray(calls) && calls.every((id) => typeof id === 'string'),
    )
  )
}

/**
 * What a tab knows of its calls in a room, over reloads: its line, by which the server knows it again, and the ends that it has.
 *
 * Browsers copy what a tab stores into tabs that are opened from it or duplicated. So it stands in the storage only from
 * when the page goes until the next one has come: a copy that is made meanwhile finds nothing, and has a line of its own.
 */
export class Tab {
  readonly line: string
  desk: boolean
  private readonly ends: Record<Side, Set<string>>

  constructor(private readonly room: string) {
    const kept = this.take()
    this.line = kept?.line ?? newId()
    this.desk = kept?.desk === true
    this.ends = { phone: new Set(kept?.phone), screen: new Set(kept?.screen) }
    window.addEventListener('pagehide', () => this.keep())
    // The very page again, out of the browser's memory.
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.take())
  }

  has(side: Side, call: string): boolean {
    return this.ends[side].has(call)
  }

  claim(side: Side, call: string): void {
    this.ends[side].add(call)
  }

  release(side: Side, call: string): void {
    this.ends[side].delete(call)
  }

  private keep(): void {
    const { line, desk } = this
    const kept: Kept = { line, phone: [...this.ends.phone], screen: [...this.ends.screen], desk }
    try {
      sessionStorage.setItem(nameOf(this.room), JSON.stringify(kept))
    } catch {
      // Blocked: the end is had again when the server has noticed that it is free.
    }
  }

  private take(): Kept | null {
    try {
      const text = sessionStorage.getItem(nameOf(this.room))
      sessionStorage.removeItem(nameOf(this.room))
      const kept: unknown = JSON.parse(text ?? 'null')
      return isKept(kept) ? kept : null
    } catch {
      return null
    }
  }
}

const tabs = new Map<string, Tab>()

/** This page's, in a room: the same for whoever asks. */
export function tabOf(room: string): Tab {
  const known = tabs.get(room) ?? new Tab(room)
  tabs.set(room, known)
  return known
}
