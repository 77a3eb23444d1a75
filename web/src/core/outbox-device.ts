import { newId } from './ids'
import type { Outgoing } from './outbox'
import { readEntries } from './outbox-store'

const PREFIX = 'salon.unsent.'
/** What nobody came back for within this time is forgotten. */
const KEPT_MS = 90 * 86_400_000

/**
 * Unanswered commands of one person in one room, or in whichever room that is, kept by the device: they outlive
 * the tab and the browser. Each page has a place of its own, which nobody else writes to, and a lock that it holds
 * as long as it lives. Another page of the same person waits for that lock: when it gets it, the first one is
 * gone, and what it has left is sent by the other.
 *
 * Without locks (pages that did not come over HTTPS) what is found at the beginning is taken over. Should two pages send the
 * same then, it has one effect: it has the same id.
 */
export class DeviceStore {
  private readonly mine = newId()
  /** What the keys of this person's pages begin with; this page's own with the first. */
  private readonly prefixes: string[]
  private readonly over = new AbortController()
  private readonly waited = new Set<string>()
  private release: () => void = () => undefined
  private adopt: (left: Outgoing[]) => void = () => undefined

  /** `also`: who the person was before on this device, and has left something. */
  constructor(
    room: string,
    readonly person: string,
    also: string[] = [],
  ) {
    this.prefixes = [person, ...also].map((each) => `${PREFIX}${room}.${each}.`)
  }

  /** `adopt` is given what pages have left that are gone, and saves it before it returns. */
  begin(adopt: (left: Outgoing[]) => void): void {
    this.adopt = adopt
    forgetOld()
    if (navigator.locks) this.lock(this.mine, () => new Promise<void>((release) => (this.release = release)))
    window.addEventListener('storage', this.look)
    this.look()
  }

  save(entries: Outgoing[]): void {
    try {
      if (entries.length === 0) localStorage.removeItem(this.key)
      else localStorage.setItem(this.key, JSON.stringify(entries))
    } catch {
      // Storage is full or blocked: they are kept until the page goes.
    }
  }

  /** This page is done with it. What is kept stays there for the next. */
  close(): void {
    window.removeEventListener('storage', this.look)
    this.over.abort()
    this.release()
  }

  private get key(): string {
    return `${this.prefixes[0]}${this.mine}`
  }

  private readonly look = (event?: StorageEvent): void => {
    if (event && !this.concerns(event.key ?? '')) return
    for (const key of keys().filter((each) => this.concerns(each))) {
      const page = key.slice(key.lastIndexOf('.') + 1)
      if (page === this.mine || this.waited.has(page)) continue
      this.waited.add(page)
      if (navigator.locks) this.lock(page, () => this.takeOver(key))
      else if (!event) this.takeOver(key)
    }
  }

  private concerns(key: string): boolean {
    return this.prefixes.some((prefix) => key.startsWith(prefix))
  }

  private takeOver(key: string): void {
    const left = readEntries(() => localStorage.getItem(key))
    // Here first, then gone from there: should the page end in between, what is there twice has the same ids.
    if (left.length > 0) this.adopt(left)
    forget(key)
  }

  private lock(page: string, held: () => Promise<void> | void): void {
    const { signal } = this.over
    const asked = navigator.locks.request(PREFIX + page, { signal }, async () => {
      if (!signal.aborted) await held()
    })
    // Aborted: the page has left the room.
    asked.catch(() => undefined)
  }
}

/** Whoever signs out of a device leaves nothing of theirs there. */
export function forgetUnsent(): void {
  keys().forEach(forget)
}

function forgetOld(): void {
  const oldest = Date.now() - KEPT_MS
  for (const key of keys())
    if (!readEntries(() => localStorage.getItem(key)).some(({ at }) => at > oldest)) forget(key)
}

function keys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  } catch {
    return []
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // As when saving.
  }
}
