import type { Outgoing } from './outbox'

export interface OutboxStore {
  load(): Outgoing[]
  save(entries: Outgoing[]): void
}

/**
 * Unanswered messages of one room, kept by the tab, so that a reload in the middle loses nothing. A tab that is
 * duplicated sends the same ids, which has no second effect.
 */
export class TabStore implements OutboxStore {
  private readonly key: string

  constructor(room: string) {
    this.key = `salon.outbox.${room}`
  }

  load(): Outgoing[] {
    return readEntries(() => sessionStorage.getItem(this.key))
  }

  save(entries: Outgoing[]): void {
    try {
      if (entries.length === 0) sessionStorage.removeItem(this.key)
      else sessionStorage.setItem(this.key, JSON.stringify(entries))
    } catch {
      // Storage is full or blocked: the messages are kept until the page goes.
    }
  }
}

/** What was saved, as far as it can be read. */
export function readEntries(read: () => string | null): Outgoing[] {
  try {
    const saved: unknown = JSON.parse(read() ?? '[]')
    return Array.isArray(saved) ? saved.filter(isOutgoing) : []
  } catch {
    return []
  }
}

function isOutgoing(value: unknown): value is Outgoing {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Partial<Outgoing>
  return (
    typeof entry.id === 'string' &&
    typeof entry.name === 'string' &&
    typeof entry.payload === 'object' &&
    typeof entry.at === 'number' &&
    entry.kept === true &&
    (entry.state === 'sending' || entry.state === 'failed')
  )
}
