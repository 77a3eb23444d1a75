import type { Socket } from 'socket.io-client'
import type { RoomCard } from './api'
import { isRefusal, Refused } from './refused'
import { ensureSession } from './session'
import type { Ack, Seqs, WireEvent, WireSignal, WireSnapshot } from './wire'

export interface Listener {
  /** What was seen so far, told to the server with each new connection. */
  since(): Seqs | undefined
  /** How many are in the room; undefined before one was in it. */
  crowd(): number | undefined
  connecting(): void
  lobby(card: RoomCard): void
  /** `me` is the member that one is. */
  resumed(seqs: Seqs, me: string): void
  snapshot(snapshot: WireSnapshot): void
  event(event: WireEvent): void
  signal(signal: WireSignal): void
  lost(): void
  /** Coming back makes no sense. */
  refused(why: Refused): void
}

/** Refusals of a connection that trying again does not change. */
const FINAL = new Set([
  'removed',
  'banned',
  'room_closed',
  'room_unknown',
  'room_full',
  'origin_refused',
  'forbidden',
  'invalid',
])
const FIRST_DELAY = 400
const LONGEST_DELAY = 5_000
/**
 * Few people are no crowd: their pages are back within two seconds of the server, while it is not gone for so long that
 * asking so often would only cost.
 */
const SHORT_DELAY = 1_600
const EACH_ONE = 5
const SHORT_TRIES = 60
/** How long a connection may be silent after a wake-up before it counts as dead. */
const WAKE_ANSWER = 4_000
/** Shorter absences leave a TCP connection alone. */
const ASLEEP = 10_000

/**
 * One room's connection over Socket.IO. It comes back for ever, with a growing and jittered delay, and at once when
 * the device wakes up or the network returns. The library's own reconnection cannot be hurried, so it is off.
 */
export class RoomSocket {
  private attempts = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private probe: ReturnType<typeof setTimeout> | undefined
  private hiddenAt = 0
  private closed = false

  private constructor(
    private readonly socket: Socket,
    private readonly listener: Listener,
  ) {
    this.listen()
    this.watchDevice(true)
    void this.begin()
  }

  static async open(link: string, listener: Listener): Promise<RoomSocket> {
    const { io } = await import('socket.io-client')
    const socket = io({
      path: '/socket.io',
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      timeout: 10_000,
      auth: (give) => give({ room: link, since: listener.since() }),
    })
    return new RoomSocket(socket, listener)
  }

  get connected(): boolean {
    return this.socket.connected
  }

  emit(name: string, payload: unknown, ack?: (answer: Ack) => void): void {
    // While disconnected the library would keep it and send it later a second time, beside the outbox.
    if (!this.socket.connected) return
    if (ack) this.socket.emit(name, payload, ack)
    else this.socket.emit(name, payload)
  }

  resume(): void {
    this.emit('resume', { since: this.listener.since() })
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    clearTimeout(this.probe)
    this.watchDevice(false)
    this.socket.disconnect()
  }

  private async begin(): Promise<void> {
    try {
      await ensureSession()
    } catch {
      return this.later()
    }
    this.connect()
  }

  private connect(): void {
    if (this.closed || this.socket.connected) return
    clearTimeout(this.timer)
    this.listener.connecting()
    this.socket.connect()
  }

  private listen(): void {
    const { socket, listener } = this
    const heard = () => {
      this.attempts = 0
      clearTimeout(this.probe)
    }
    socket.on('lobby', (data: { room: RoomCard }) => (heard(), listener.lobby(data.room)))
    socket.on(
      'resumed',
      (data: { seqs: Seqs; me: string }) => (heard(), listener.resumed(data.seqs, data.me)),
    )
    socket.on('snapshot', (data: WireSnapshot) => (heard(), listener.snapshot(data)))
    socket.on('event', (data: WireEvent) => listener.event(data))
    socket.on('signal', (data: WireSignal) => listener.signal(data))
    socket.on('disconnect', () => this.lost())
    socket.on('connect_error', (error: Error & { data?: unknown }) => void this.failed(error))
  }

  private lost(): void {
    if (this.closed) return
    this.letGo()
    this.later()
  }

  private async failed(error: Error & { data?: unknown }): Promise<void> {
    if (this.closed) return
    this.letGo()
    if (!isRefusal(error.data)) {
      this.otherTransport()
      return this.later()
    }
    const why = Refused.from({ ...error.data, ok: false })
    if (FINAL.has(why.code)) return this.listener.refused(why)
    if (why.code === 'session_required') await ensureSession(true).catch(() => undefined)
    this.later(why.retryAfter)
  }

  private letGo(): void {
    clearTimeout(this.probe)
    this.listener.lost()
    // Whatever the library still holds open or waits for: the next attempt starts from the beginning.
    this.socket.disconnect()
  }

  /** Some networks swallow WebSockets without an error: after a failure the other transport goes first. */
  private otherTransport(): void {
    const options = this.socket.io.opts
    options.transports = this.attempts % 2 === 0 ? ['polling', 'websocket'] : ['websocket', 'polling']
  }

  private later(seconds?: number): void {
    if (this.closed) return
    clearTimeout(this.timer)
    const delay = Math.min(FIRST_DELAY * 2 ** this.attempts, this.longest())
    this.attempts += 1
    // Between half and all of it: a thousand phones must not come back in one moment.
    const wait = (delay * (1 + Math.random())) / 2
    this.timer = setTimeout(() => void this.begin(), Math.max(wait, (seconds ?? 0) * 1000))
  }

  private longest(): number {
    const crowd = this.listener.crowd()
    if (crowd === undefined || this.attempts >= SHORT_TRIES) return LONGEST_DELAY
    return Math.min(LONGEST_DELAY, Math.max(SHORT_DELAY, crowd * EACH_ONE))
  }

  private watchDevice(on: boolean): void {
    const change = on ? 'addEventListener' : 'removeEventListener'
    document[change]('visibilitychange', this.seen)
    window[change]('online', this.wake)
    window[change]('pageshow', this.wake)
  }

  private readonly seen = () => {
    if (document.visibilityState === 'hidden') this.hiddenAt = Date.now()
    else if (!this.socket.connected || Date.now() - this.hiddenAt > ASLEEP) this.wake()
  }

  /** The device is back: connect now, or find out whether the connection has survived. */
  private readonly wake = () => {
    if (this.closed) return
    if (!this.socket.connected) {
      this.attempts = 0
      if (!this.socket.active) void this.begin()
      return
    }
    clearTimeout(this.probe)
    this.probe = setTimeout(() => this.socket.disconnect(), WAKE_ANSWER)
    this.resume()
  }
}
