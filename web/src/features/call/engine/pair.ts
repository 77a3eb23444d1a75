import type { CallSaid, CallSay } from '@/contract'
import { Ladder } from './ladder'
import type { Word } from './negotiation'
import { Peer, type Sent, type Tracks } from './peer'
import { readNote, writeNote, type Note } from './notes'
import type { Place, TransportTells, Wish } from './transport'
import type { LinkState } from './types'

export interface Surroundings {
  make: () => RTCPeerConnection
  servers(): RTCIceServer[]
  ready(): boolean
  /** To how many others there are connections, or should be. */
  others(): number
  now(): number
  tracks: Tracks
  tells: TransportTells
}

/** What comes from elsewhere as a word of negotiation; null when it is none. */
function wordOf(said: CallSaid): Word | null {
  if (said.kind === 'candidates')
    return {
      kind: 'candidates',
      candidates: (said.candidates ?? []).map(({ candidate, mid, line, ufrag }) => ({
        candidate,
        sdpMid: mid ?? null,
        sdpMLineIndex: line ?? null,
        usernameFragment: ufrag ?? null,
      })),
    }
  const { kind, sdp } = said
  if (kind === 'restart') return { kind }
  return sdp ? { kind, sdp } : null
}

/**
 * This page and one other participant, for one epoch of both: one connection, and another one in its place when it cannot be
 * mended. Which of the two is polite follows from their seats, for both alike.
 */
export class Pair {
  peer: Peer | null = null
  state: LinkState = 'waiting'
  private link = 0
  private wish: Wish | null = null
  private pausing = false
  private ever = false
  private readonly polite: boolean
  private readonly ladder: Ladder

  constructor(
    me: Place,
    public other: Place,
    private readonly around: Surroundings,
  ) {
    this.polite = me.seat > other.seat
    this.ladder = new Ladder(this.polite)
    if (!this.polite) this.begin()
  }

  hear(said: CallSaid): void {
    const link = said.link ?? 0
    if (link < this.link) return
    const word = wordOf(said)
    if (!word) return
    if (link > this.link) {
      // Only an offer begins; what else there is comes after it.
      if (word.kind !== 'offer') return
      this.link = link
      this.drop()
    }
    // Nothing is known here of what is to be restarted: it begins.
    if (!this.peer && word.kind === 'restart') return this.begin()
    void (this.peer ?? this.make()).hear(word)
  }

  put(what: Sent, track: MediaStreamTrack | null): Promise<void> {
    return this.peer?.put(what, track) ?? Promise.resolve()
  }

  moved(): void {
    this.ladder.moved()
    this.look()
  }

  /** Does what is to be done about the connection now. */
  look(): void {
    const { peer, around } = this
    const seen = {
      connected: peer?.state === 'connected',
      failed: peer?.state === 'failed' || peer?.state === 'closed',
      ready: around.ready() && this.other.there,
      waits: peer?.waits ?? false,
      besides: Math.max(0, around.others() - 1),
    }
    const step = this.ladder.look(seen, around.now())
    if (step === 'renew' || (step === 'restart' && !peer)) this.renew()
    else if (step === 'restart') peer?.restart(around.servers())
    else if (step === 'again') peer?.again()
    this.tell()
  }

  /** For how long there has been no connection although there could be one. */
  get lostFor(): number {
    return this.ladder.lostSince === null ? 0 : this.around.now() - this.ladder.lostSince
  }

  /** How large pictures of this one are wanted: said now, and again over each new connection. */
  set wished(wish: Wish) {
    this.wish = wish
    this.note({ want: wish })
  }

  pause(is: boolean): void {
    this.pausing = is
    this.note({ paused: is })
  }

  serve(servers: RTCIceServer[]): void {
    const connection = this.peer?.connection
    connection?.setConfiguration({ ...connection.getConfiguration(), iceServers: servers })
  }

  close(): void {
    this.drop()
  }

  private renew(): void {
    if (this.peer) this.link += 1
    this.drop()
    this.begin()
  }

  private begin(): void {
    this.make().begin()
  }

  private make(): Peer {
    const { link } = this
    const mine = () => this.peer === made && link === this.link
    const made: Peer = new Peer(this.around.make, this.polite, this.around.tracks, {
      say: (word) => mine() && this.say(word),
      incoming: (what, track) => mine() && this.around.tells.incoming(this.other.seat, what, track),
      changed: () => mine() && this.look(),
      message: (text) => mine() && this.listen(readNote(text)),
      open: () => mine() && this.repeat(),
      yields: (word) => {
        if (!mine()) return
        this.drop()
        void this.make().hear(word)
      },
    })
    this.peer = made
    return made
  }

  private drop(): void {
    this.peer?.close()
    this.peer = null
    for (const what of ['microphone', 'camera', 'screen', 'sound'] as const)
      this.around.tells.incoming(this.other.seat, what, null)
  }

  private say(word: Word): void {
    const { seat, epoch } = this.other
    const to = { to: seat, epoch, link: this.link }
    const said: CallSay =
      word.kind === 'candidates'
        ? {
            ...to,
            kind: 'candidates',
            candidates: word.candidates.map(({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) => ({
              candidate: candidate ?? '',
              mid: sdpMid ?? null,
              line: sdpMLineIndex ?? null,
              ufrag: usernameFragment ?? null,
            })),
          }
        : word.kind === 'restart'
          ? { ...to, kind: 'restart' }
          : { ...to, kind: word.kind, sdp: word.sdp }
    this.around.tells.say(said)
  }

  private listen(note: Note | null): void {
    if (note?.want) this.around.tells.wished(this.other.seat, note.want)
    if (note?.paused !== undefined) this.around.tells.paused(this.other.seat, note.paused)
  }

  private note(note: Note): void {
    this.peer?.tell(writeNote(note))
  }

  /** The connection is another one: it knows nothing of what was said over the last. */
  private repeat(): void {
    if (this.wish) this.note({ want: this.wish })
    if (this.pausing) this.note({ paused: true })
  }

  private tell(): void {
    const now = this.peer?.state
    if (now === 'connected') this.ever = true
    const next: LinkState =
      now === 'connected'
        ? 'connected'
        : now === 'failed'
          ? 'failed'
          : this.ever
            ? 'reconnecting'
            : this.other.there
              ? 'connecting'
              : 'waiting'
    if (next === this.state) return
    this.state = next
    this.around.tells.link(this.other.seat, next)
  }
}
