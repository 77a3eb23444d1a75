import type { CallSaid } from '@/contract'
import { everyTick } from '../../voice/ticks'
import { Awake } from './awake'
import { Pair, type Surroundings } from './pair'
import type { Sent, Tracks } from './peer'
import type { Place, Transport, TransportTells, Wish } from './transport'

/** Every connection is looked at twice a second, also while the page is behind others. */
const LOOK_TICKS = 5
/** Words that came before the one who says them was known: of each, and altogether. */
const MOST_EARLY = 64
/** When nobody at all has been reached for so long, it is this page's own place. */
const STUCK_MS = 25_000

/** Media goes directly from each to each. */
export class Mesh implements Transport {
  readonly tracks: Tracks = { microphone: null, camera: null, screen: null, sound: null }
  private readonly pairs = new Map<string, Pair>()
  private me: Place | null = null
  private early: CallSaid[] = []
  private able = true
  private servers: RTCIceServer[] = []
  private ticks = 0
  private stuckAt = -Infinity
  private readonly rest: () => void
  private readonly around: Surroundings

  constructor(
    private readonly tells: TransportTells,
    make: (configuration: RTCConfiguration) => RTCPeerConnection = (given) => new RTCPeerConnection(given),
    time: () => number = () => performance.now(),
  ) {
    const awake = new Awake(time)
    this.around = {
      make: () => make({ iceServers: this.servers, bundlePolicy: 'max-bundle' }),
      servers: () => this.servers,
      ready: () => this.able,
      others: () => this.pairs.size,
      now: () => awake.now(),
      tracks: this.tracks,
      tells,
    }
    this.rest = everyTick(() => {
      awake.turn()
      this.ticks += 1
      if (this.ticks % LOOK_TICKS === 0) this.look()
    })
  }

  follow(me: Place, others: readonly Place[]): void {
    if (this.me && (this.me.seat !== me.seat || this.me.epoch !== me.epoch)) this.clear()
    this.me = me
    for (const [seat, pair] of this.pairs) {
      const now = others.find((each) => each.seat === seat)
      if (!now || now.epoch !== pair.other.epoch) this.drop(seat, pair)
      else if (now.there !== pair.other.there) {
        pair.other = now
        pair.look()
      }
    }
    for (const other of others) if (!this.pairs.has(other.seat)) this.meet(me, other)
  }

  async put(what: Sent, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[what] = track
    await Promise.allSettled([...this.pairs.values()].map((pair) => pair.put(what, track)))
  }

  hear(word: CallSaid): void {
    const pair = this.pairs.get(word.participant)
    if (pair && word.epoch === pair.other.epoch) pair.hear(word)
    else if ((!pair || word.epoch > pair.other.epoch) && this.early.length < MOST_EARLY) this.early.push(word)
  }

  ready(is: boolean): void {
    if (is === this.able) return
    this.able = is
    this.look()
  }

  moved(): void {
    for (const pair of this.pairs.values()) pair.moved()
  }

  serve(servers: RTCIceServer[], late: boolean): void {
    this.servers = servers
    for (const pair of this.pairs.values()) {
      pair.serve(servers)
      // It began without any, and that was not enough.
      if (late && pair.state !== 'connected') pair.peer?.restart(servers)
    }
  }

  wish(seat: string, wish: Wish): void {
    const pair = this.pairs.get(seat)
    if (pair) pair.wished = wish
  }

  pause(seat: string, is: boolean): void {
    this.pairs.get(seat)?.pause(is)
  }

  at(seat: string) {
    return this.pairs.get(seat)?.peer ?? null
  }

  close(): void {
    this.rest()
    this.clear()
    this.early = []
  }

  private meet(me: Place, other: Place): void {
    const pair = new Pair(me, other, this.around)
    this.pairs.set(other.seat, pair)
    const of = (word: CallSaid) => word.participant === other.seat
    const due = this.early.filter((word) => of(word) && word.epoch === other.epoch)
    this.early = this.early.filter((word) => !of(word) || word.epoch > other.epoch)
    for (const word of due) pair.hear(word)
    pair.look()
    this.tells.link(other.seat, pair.state)
  }

  private drop(seat: string, pair: Pair): void {
    pair.close()
    this.pairs.delete(seat)
  }

  private clear(): void {
    for (const [seat, pair] of this.pairs) this.drop(seat, pair)
  }

  private look(): void {
    const pairs = [...this.pairs.values()]
    for (const pair of pairs) pair.look()
    const now = this.around.now()
    if (pairs.length === 0 || now - this.stuckAt < STUCK_MS) return
    if (!pairs.every((pair) => pair.lostFor > STUCK_MS)) return
    this.stuckAt = now
    this.tells.stuck()
  }
}
