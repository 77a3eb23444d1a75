import type { VoiceCall, VoiceHeard, VoiceSay } from '@/contract'
import { Servers } from '@/core/ice-servers'
import type { Say, Word } from './ends'

/** What a link needs of either end (`PhoneEnd`, `ScreenEnd`). */
export interface LinkEnd {
  hear(word: Word): void
  serve(servers: RTCIceServer[]): void
  restart(): void
  close(): void
}

/** `none`: there is no connection, as while the other end is not there. */
export type LinkState = RTCPeerConnectionState | 'none'

export interface Wiring<E extends LinkEnd> {
  /** Makes the end of an epoch; null when it cannot be made yet: `begin()` then tries again. */
  make(servers: RTCIceServer[], say: Say, tell: (state: RTCPeerConnectionState) => void): E | null
  /** Sends a word. It may be lost. */
  signal(word: VoiceSay): void
  /** Whether words can be sent just now. */
  ready(): boolean
  /** The server's clock. */
  now(): number
  told(state: LinkState): void
}

/** Words are signals, which may be lost: without a connection for so long the ends try again. */
const AGAIN_MS = 5_000
/** Words that came before the end that they are for. */
const MOST_EARLY = 100

/** One call as a page has an end of it: a new media connection in each epoch, and the words for it. */
export class CallLink<E extends LinkEnd> {
  end: E | null = null
  state: LinkState = 'none'
  private epoch = -1
  private early: VoiceHeard[] = []
  private closed = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly servers: Servers

  constructor(
    private readonly call: string,
    private readonly wiring: Wiring<E>,
  ) {
    this.servers = new Servers(
      `/api/voice/ice?call=${encodeURIComponent(call)}`,
      () => wiring.now(),
      (servers, late) => {
        this.end?.serve(servers)
        if (late && this.state !== 'connected') this.restart()
      },
    )
    // Asked for while it rings, so that they are there when somebody speaks.
    void this.servers.get()
    window.addEventListener('online', this.moved)
    connection()?.addEventListener('change', this.moved)
    document.addEventListener('visibilitychange', this.seen)
  }

  /** The call is now so. A new epoch is a new beginning; while an end is missing, what there is stays. */
  follow(call: VoiceCall): void {
    if (this.closed || call.state !== 'live' || call.epoch === this.epoch) return
    this.epoch = call.epoch
    this.drop()
    this.early = this.early.filter(({ epoch }) => epoch >= this.epoch)
    void this.begin()
  }

  /** Makes the end, if there is none and there should be one. */
  async begin(): Promise<void> {
    const { epoch } = this
    if (this.closed || epoch < 0) return
    const servers = await this.servers.get()
    if (this.closed || this.end !== null || epoch !== this.epoch) return
    const say: Say = ({ kind, said, mid }) => {
      if (epoch === this.epoch && !this.closed)
        this.wiring.signal({ call: this.call, epoch, kind, said, mid })
    }
    this.end = this.wiring.make(servers, say, (state) => {
      if (epoch === this.epoch && !this.closed) this.tell(state)
    })
    if (this.end === null) return
    this.watch()
    const due = this.early.filter((word) => word.epoch === epoch)
    this.early = this.early.filter((word) => word.epoch > epoch)
    for (const word of due) this.end.hear(word)
  }

  hear(word: VoiceHeard): void {
    if (word.call !== this.call || word.epoch < this.epoch) return
    if (word.epoch === this.epoch && this.end !== null) this.end.hear(word)
    else if (this.early.length < MOST_EARLY) this.early.push(word)
  }

  close(): void {
    this.closed = true
    window.removeEventListener('online', this.moved)
    connection()?.removeEventListener('change', this.moved)
    document.removeEventListener('visibilitychange', this.seen)
    this.servers.close()
    this.drop()
  }

  private drop(): void {
    clearTimeout(this.timer)
    this.end?.close()
    this.end = null
    this.tell('none')
  }

  private tell(state: LinkState): void {
    if (state === this.state) return
    this.state = state
    this.watch()
    this.wiring.told(state)
  }

  private restart(): void {
    if (this.wiring.ready()) this.end?.restart()
  }

  private watch(): void {
    clearTimeout(this.timer)
    if (this.end === null || this.state === 'connected') return
    this.timer = setTimeout(() => {
      this.restart()
      this.watch()
    }, AGAIN_MS)
  }

  /** Another network, which the old way may not lead through. */
  private readonly moved = () => this.restart()

  private readonly seen = () => {
    if (document.visibilityState === 'visible' && this.state !== 'connected') this.restart()
  }
}

/** What some browsers tell of the device's network. */
function connection(): EventTarget | undefined {
  return (navigator as { connection?: EventTarget }).connection
}
