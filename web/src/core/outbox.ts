import type { Ack, CommandName } from './wire'
import { isRefusal, Refused } from './refused'
import { newId } from './ids'
import { omit } from './omit'
import type { DeviceStore } from './outbox-device'
import type { OutboxStore } from './outbox-store'

/** Where a command that outlives its tab belongs: in its room, or with its person, whichever room that is in. */
export type Home = 'room' | 'person'

/** A command that was given out of hand. Kept ones stay listed, whatever becomes of them, until they are dropped. */
export interface Outgoing {
  id: string
  name: CommandName
  payload: Record<string, unknown>
  /** By this device's clock. */
  at: number
  /** Kept commands are listed, survive a reload, and are tried again by themselves. */
  kept: boolean
  /** Kept by the device, for the person who gave it: it outlives the tab. Others are the tab's. */
  lasting?: Home
  state: 'sending' | 'failed' | 'done'
  /** Why it failed. */
  refused?: { code: string; message: string }
  /** What the server answered when it was done. */
  answer?: Record<string, unknown>
}

interface Entry extends Outgoing {
  tries: number
  waiting: boolean
  timer?: ReturnType<typeof setTimeout>
  settle?: { resolve: (answer: Record<string, unknown>) => void; reject: (why: Refused) => void }
}

export interface OutboxWiring {
  emit: (name: CommandName, payload: Record<string, unknown>, ack: (answer: Ack) => void) => void
  store?: OutboxStore
  /** The list of kept commands is another one now. */
  changed?: (kept: Outgoing[]) => void
}

/** Refusals that speak of the server's moment and not of the command. */
const PASSING = new Set(['unavailable', 'rate_limited'])
const TRIES = 6
/** An ack that takes longer is asked for by sending again, which has no second effect. */
const ACK_WITHIN = 12_000

/**
 * Commands on their way. Each has an id made here, is held until its ack, and is sent again, in order and with the
 * same id, when the connection was cut in between. The server gives the same id the same answer.
 */
export class Outbox {
  private entries: Entry[] = []
  private up = false
  private readonly devices = new Map<Home, DeviceStore>()

  constructor(private readonly wiring: OutboxWiring) {
    for (const saved of wiring.store?.load() ?? []) this.entries.push({ ...saved, tries: 0, waiting: false })
    this.tell()
  }

  send(name: CommandName, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      this.add({ name, payload, kept: false, settle: { resolve, reject } })
    })
  }

  /**
   * Sends a command that is listed in `kept` from now on; what became of it is told there. A lasting one is meant
   * whenever it arrives, be it days later.
   */
  keep(name: CommandName, payload: Record<string, unknown>, lasting?: Home): string {
    return this.add({ name, payload, kept: true, ...(lasting ? { lasting } : {}) })
  }

  /** Somebody is here, known to the server: what lasts is theirs, and kept there. What others gave is not theirs to send. */
  belong(home: Home, device: DeviceStore | undefined): void {
    if (this.devices.has(home)) {
      const [gone, left] = [this.entries.filter(at(home)), this.entries.filter((entry) => !at(home)(entry))]
      for (const entry of gone) clearTimeout(entry.timer)
      this.entries = left
    }
    this.devices.delete(home)
    if (device) this.devices.set(home, device)
    this.tell()
  }

  /** What another page of the same person has left: it was first. */
  adopt(home: Home, left: Outgoing[]): void {
    const known = new Set(this.entries.map(({ id }) => id))
    const fresh = left
      .filter(({ id }) => !known.has(id))
      .map((each) => ({ ...each, lasting: home, tries: 0, waiting: false }))
    this.entries = [...fresh, ...this.entries]
    this.tell()
    this.flush()
  }

  get kept(): Outgoing[] {
    return this.entries.filter((entry) => entry.kept).map(listed)
  }

  /** The connection takes commands: everything unanswered goes again, in order. */
  open(): void {
    this.up = true
    for (const entry of this.entries) this.rest(entry)
    this.flush()
  }

  /** The connection is gone. Acks of it will not come. */
  cut(): void {
    this.up = false
    for (const entry of this.entries) this.rest(entry)
  }

  /** A failed one once more. It gets a new id: the old one's answer is settled as a refusal. */
  retry(id: string): void {
    const entry = this.find(id)
    if (entry?.state !== 'failed') return
    this.entries = this.entries.filter((other) => other !== entry)
    this.keep(entry.name, entry.payload, entry.lasting)
  }

  drop(id: string): void {
    const entry = this.find(id)
    if (entry) this.forget(entry)
  }

  /** Nothing more can be sent. */
  end(why: Refused): void {
    this.cut()
    const left = this.entries
    this.entries = []
    this.tell()
    for (const entry of left) entry.settle?.reject(why)
  }

  private add(one: Pick<Entry, 'name' | 'payload' | 'kept' | 'lasting' | 'settle'>): string {
    const entry: Entry = { ...one, id: newId(), at: Date.now(), state: 'sending', tries: 0, waiting: false }
    this.entries.push(entry)
    if (entry.kept) this.tell()
    this.flush()
    return entry.id
  }

  /**
   * Gives out what may go now. Kept commands of one activity go one by one: if the first is told to try later, a second
   * one already on its way would overtake it, and may be about what the first was to make.
   */
  private flush(): void {
    if (!this.up) return
    const open = this.entries.filter(({ state }) => state === 'sending')
    const busy = new Set(open.filter(({ kept, waiting }) => kept && waiting).map(activityOf))
    for (const entry of open) {
      if (entry.waiting || (entry.kept && busy.has(activityOf(entry)))) continue
      if (entry.kept) busy.add(activityOf(entry))
      this.emit(entry)
    }
  }

  private emit(entry: Entry): void {
    entry.waiting = true
    clearTimeout(entry.timer)
    entry.timer = setTimeout(() => this.again(entry), ACK_WITHIN)
    this.wiring.emit(entry.name, { ...entry.payload, id: entry.id }, (ack) => this.answered(entry, ack))
  }

  private again(entry: Entry): void {
    this.rest(entry)
    this.flush()
  }

  private rest(entry: Entry): void {
    clearTimeout(entry.timer)
    entry.waiting = false
  }

  private answered(entry: Entry, ack: Ack): void {
    if (entry.state !== 'sending' || !this.entries.includes(entry)) return
    clearTimeout(entry.timer)
    if (ack.ok) this.done(entry, ack)
    else
      this.refused(
        entry,
        isRefusal(ack) ? Refused.from(ack) : new Refused('internal', 'The answer was not understood.'),
      )
    this.flush()
  }

  private done(entry: Entry, ack: Extract<Ack, { ok: true }>): void {
    entry.waiting = false
    const answer = omit(ack, 'ok')
    entry.state = 'done'
    entry.answer = answer
    entry.settle?.resolve(answer)
    if (entry.kept) this.tell()
    else this.forget(entry)
  }

  private refused(entry: Entry, why: Refused): void {
    entry.tries += 1
    if (entry.kept && PASSING.has(why.code) && entry.tries < TRIES) {
      // Stays `waiting`, so that nothing overtakes it.
      const wait = why.retryAfter ?? Math.min(2 ** entry.tries, 16) / 2
      entry.timer = setTimeout(() => this.again(entry), wait * 1000 + Math.random() * 250)
      return
    }
    entry.waiting = false
    entry.settle?.reject(why)
    if (!entry.kept) return this.forget(entry)
    entry.state = 'failed'
    entry.refused = { code: why.code, message: why.message }
    this.tell()
  }

  private forget(entry: Entry): void {
    clearTimeout(entry.timer)
    this.entries = this.entries.filter((other) => other !== entry)
    if (entry.kept) this.tell()
    this.flush()
  }

  private find(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.id === id && entry.kept)
  }

  private tell(): void {
    const kept = this.kept
    const open = kept.filter(({ state }) => state !== 'done')
    this.wiring.store?.save(open.filter(({ lasting }) => !lasting))
    for (const [home, device] of this.devices) device.save(open.filter(at(home)))
    this.wiring.changed?.(kept)
  }
}

const at =
  (home: Home) =>
  ({ lasting }: Outgoing): boolean =>
    lasting === home
const activityOf = ({ name }: Entry): string => name.slice(0, name.indexOf('.'))

function listed(entry: Entry): Outgoing {
  return omit(entry, 'tries', 'waiting', 'timer', 'settle')
}
