import type { Snapshots } from '@/contract'
import type { RoomCard } from './api'
import { ServerClock } from './clock'
import { Emitter } from './emitter'
import { applyAll, type FeatureName, type Folds } from './fold'
import { OrderedLog } from './log'
import { Outbox, type Outgoing } from './outbox'
import { DeviceStore } from './outbox-device'
import { OwnUnsent } from './outbox-own'
import { TabStore } from './outbox-store'
import { Questions } from './questions'
import { Refused } from './refused'
import type { Listener, RoomSocket } from './socket'
import type { EventOf, EventType, Seqs, WireEvent, WireSignal, WireSnapshot } from './wire'

export type Status = 'closed' | 'connecting' | 'lobby' | 'live' | 'reconnecting' | 'ended'

export interface RoomView {
  status(now: Status): void
  ended(why: { code: string; message: string }): void
  card(card: RoomCard): void
  outgoing(kept: Outgoing[]): void
  state(state: Snapshots): void
  generation(): void
}

/** How long a gap may stand before the server is asked; doubled each time it does not close. */
const GAP_PATIENCE = 1_000
const LONGEST_PATIENCE = 30_000
const LOAD_AGAIN = 3_000

const SENT_AWAY: Record<string, string> = {
  removed: 'A host has removed you from the room.',
  banned: 'A host has banned you from the room.',
  left: 'You have left the room.',
  full: 'The room has as many people as it may have.',
}

/** One page's tie to one room: connection, order, state and commands, held together. */
export class RoomLink implements Listener {
  readonly clock = new ServerClock()
  readonly outbox: Outbox
  readonly questions = new Questions((name, payload, ack) => this.socket?.emit(name, payload, ack))
  private log = new OrderedLog<WireEvent>()
  private readonly events = new Emitter<WireEvent>()
  private readonly signals = new Emitter<WireSignal>()
  private socket: RoomSocket | undefined
  private state: Snapshots | undefined
  /** What is kept on this device for whom the server has said that one is. */
  private device: DeviceStore | undefined
  /** What waits of the person's own things, which any room of theirs takes. */
  readonly own: OwnUnsent
  private gap: ReturnType<typeof setTimeout> | undefined
  private patience = GAP_PATIENCE
  private ready = false
  private over = false

  constructor(
    readonly room: string,
    private readonly folds: Folds,
    private readonly view: RoomView,
  ) {
    this.outbox = new Outbox({
      emit: (name, payload, ack) => this.socket?.emit(name, payload, ack),
      store: new TabStore(room),
      changed: (kept) => this.view.outgoing(kept),
    })
    this.own = new OwnUnsent(this.outbox)
    void this.begin()
  }

  private async begin(): Promise<void> {
    try {
      // Not on the first page's way: the library is loaded with the first room.
      const { RoomSocket } = await import('./socket')
      const socket = await RoomSocket.open(this.room, this)
      if (this.over) socket.close()
      else this.socket = socket
    } catch {
      if (!this.over) setTimeout(() => void this.begin(), LOAD_AGAIN)
    }
  }

  close(): void {
    this.over = true
    this.ready = false
    this.watchGap()
    this.socket?.close()
    this.outbox.cut()
    this.device?.close()
    this.own.leave()
    this.questions.end()
  }

  // What the connection tells.

  since(): Seqs | undefined {
    return this.log.seqs
  }

  crowd(): number | undefined {
    return this.state?.people.people.length
  }

  connecting(): void {
    this.log.forgetHeld()
  }

  lobby(card: RoomCard): void {
    this.belongTo(undefined)
    this.view.card(card)
    this.view.status('lobby')
    this.takeCommands()
  }

  resumed(seqs: Seqs, me: string): void {
    if (me !== this.state?.people.me) return this.startOver()
    this.log.resumed(seqs)
    this.view.status('live')
    this.takeCommands()
    this.watchGap()
  }

  snapshot(snapshot: WireSnapshot): void {
    this.clock.begin(snapshot.now)
    this.state = snapshot.features
    this.belongTo(this.state.people.me)
    const due = this.log.begin(snapshot.seqs)
    this.view.generation()
    this.view.state(this.state)
    this.take(due)
    this.view.status('live')
    this.takeCommands()
    this.watchGap()
  }

  event(event: WireEvent): void {
    const due = this.log.push(event)
    if (due.length > 0) {
      this.patience = GAP_PATIENCE
      this.clock.observe(event.at)
      this.take(due)
    }
    this.watchGap()
  }

  signal(signal: WireSignal): void {
    if (signal.type === 'people.out') {
      const { reason } = signal.data
      return this.end(new Refused(reason === 'full' ? 'room_full' : reason, SENT_AWAY[reason] ?? ''))
    }
    this.signals.emit(signal.type, signal)
  }

  lost(): void {
    if (this.over) return
    this.ready = false
    this.watchGap()
    this.outbox.cut()
    this.questions.cut()
    this.view.status(this.state ? 'reconnecting' : 'connecting')
  }

  refused(why: Refused): void {
    this.end(why)
  }

  // What the page asks.

  /** A signal to the server: may be lost. */
  tell(name: string, payload: unknown): void {
    if (this.ready) this.socket?.emit(name, payload)
  }

  onEvent<T extends EventType>(type: T, listener: (event: EventOf<T>) => void): () => void {
    return this.events.on(type, listener as (event: WireEvent) => void)
  }

  onSignal<T extends WireSignal['type']>(type: T, listener: (data: never) => void): () => void {
    return this.signals.on(type, (signal) => listener(signal.data as never))
  }

  learn<F extends FeatureName>(name: F, change: (before: Snapshots[F]) => Snapshots[F]): void {
    if (!this.state) return
    this.state = { ...this.state, [name]: change(this.state[name]) }
    this.view.state(this.state)
  }

  private take(due: WireEvent[]): void {
    if (due.length === 0 || !this.state) return
    for (const event of due) this.state = applyAll(this.folds, this.state, event, this.state.people.me)
    this.view.state(this.state)
    for (const event of due) {
      this.events.emit(event.type, event)
      if (event.type === 'rooms.closed') this.end(closed(event))
    }
  }

  /** In this browser somebody else is signed in by now, and has as many events behind them by chance. */
  private startOver(): void {
    this.log = new OrderedLog()
    this.socket?.resume()
  }

  /** What the device keeps of whom the server has said that one is. */
  private belongTo(person: string | undefined): void {
    if (this.device?.person === person) return
    this.device?.close()
    this.device = person === undefined ? undefined : new DeviceStore(this.room, person)
    this.outbox.belong('room', this.device)
    this.device?.begin((left) => this.outbox.adopt('room', left))
    this.own.belong(person)
  }

  /** Asks the server for what is missing when it does not come by itself. */
  private watchGap(): void {
    if (!this.log.behind || !this.ready) {
      clearTimeout(this.gap)
      this.gap = undefined
      return
    }
    if (this.gap !== undefined) return
    const before = JSON.stringify(this.log.seqs)
    this.gap = setTimeout(() => {
      this.gap = undefined
      // When it moved meanwhile, it is on its way.
      if (this.log.behind && JSON.stringify(this.log.seqs) === before) {
        this.patience = Math.min(this.patience * 2, LONGEST_PATIENCE)
        this.socket?.resume()
      }
      this.watchGap()
    }, this.patience)
  }

  private takeCommands(): void {
    if (this.ready) return
    this.ready = true
    this.outbox.open()
    this.questions.open()
  }

  private end(why: Refused): void {
    if (this.over) return
    this.close()
    this.outbox.end(why)
    this.view.ended({ code: why.code, message: why.message })
    this.view.status('ended')
  }
}

function closed(event: EventOf<'rooms.closed'>): Refused {
  return new Refused('room_closed', CLOSED_BECAUSE[event.data.reason])
}

const CLOSED_BECAUSE = {
  owner: 'The owner closed the room.',
  idle: 'Nobody was in the room for a while, so it closed.',
  admin: 'An administrator of this server closed the room.',
}
