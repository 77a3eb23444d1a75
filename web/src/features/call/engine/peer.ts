import { Negotiation, type Word } from './negotiation'

/** What one end sends to another: `sound` is what a shared screen sounds like. */
export type Sent = 'microphone' | 'camera' | 'screen' | 'sound'
export const SENT: readonly Sent[] = ['microphone', 'camera', 'screen', 'sound']
export type Tracks = Record<Sent, MediaStreamTrack | null>

export interface PeerTells {
  say(word: Word): void
  /** A track of the other end is there; nothing of it may have come yet. */
  incoming(what: Sent, track: MediaStreamTrack): void
  /** Something about how the connection is has changed. */
  changed(): void
  /** A word over the connection itself. */
  message(text: string): void
  /** The channel for such words is open. */
  open(): void
  /** Another connection is to be made in the place of this one, and hear this word. */
  yields(word: Word): void
}

const KIND: Record<Sent, 'audio' | 'video'> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  sound: 'audio',
}
/** Longer words over the connection are no page's. */
const MOST_CHARACTERS = 1_000

/**
 * One connection to one other browser. The first offer has a place for everything that may be sent, both ways, filled or not: so
 * switching on and off, and sharing a screen, needs no words, and works while none can be sent.
 */
export class Peer {
  readonly connection: RTCPeerConnection
  private readonly negotiation: Negotiation
  private readonly channel: RTCDataChannel
  private readonly places = new Map<Sent, RTCRtpTransceiver>()
  private closed = false

  constructor(
    make: () => RTCPeerConnection,
    polite: boolean,
    private readonly tracks: Tracks,
    private readonly tells: PeerTells,
  ) {
    const connection = (this.connection = make())
    this.channel = connection.createDataChannel('salon', { negotiated: true, id: 0 })
    this.channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && data.length <= MOST_CHARACTERS) tells.message(data)
    }
    this.channel.onopen = () => tells.open()
    connection.onconnectionstatechange = connection.oniceconnectionstatechange = () => tells.changed()
    connection.ontrack = ({ track, transceiver }) => this.take(track, transceiver)
    this.negotiation = new Negotiation(connection, polite, (word) => tells.say(word), {
      place: () => this.placeAnswer(),
      yields: (word) => tells.yields(word),
    })
  }

  /** Makes the first offer. Who does not, waits for that of the other end. */
  begin(): void {
    for (const what of SENT) {
      const track = this.tracks[what]
      this.places.set(what, this.connection.addTransceiver(track ?? KIND[what], { direction: 'sendrecv' }))
    }
    this.negotiation.begin()
  }

  hear(word: Word): Promise<void> {
    return this.negotiation.hear(word)
  }

  /** Sends this from now on; null: nothing. */
  async put(what: Sent, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[what] = track
    await this.places.get(what)?.sender.replaceTrack(track)
  }

  sender(what: Sent): RTCRtpSender | null {
    return this.places.get(what)?.sender ?? null
  }

  tell(text: string): boolean {
    if (this.channel.readyState !== 'open') return false
    this.channel.send(text)
    return true
  }

  get state(): RTCPeerConnectionState {
    return this.connection.connectionState
  }

  /** An offer of this end was not answered. */
  get waits(): boolean {
    return this.negotiation.waits
  }

  again(): void {
    this.negotiation.again()
  }

  /** Looks for new ways. */
  restart(servers: RTCIceServer[]): void {
    if (this.closed) return
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers: servers })
    this.negotiation.restart()
  }

  close(): void {
    this.closed = true
    this.negotiation.close()
    this.connection.onconnectionstatechange = this.connection.oniceconnectionstatechange = null
    this.connection.ontrack = this.channel.onmessage = this.channel.onopen = null
    this.connection.close()
  }

  /** What it is follows from its place. */
  private take(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): void {
    const what = SENT[this.connection.getTransceivers().indexOf(transceiver)]
    if (what && KIND[what] === track.kind) this.tells.incoming(what, track)
  }

  private placeAnswer(): void {
    const places = this.connection.getTransceivers()
    for (const [at, what] of SENT.entries()) {
      const place = places[at]
      if (place?.receiver.track.kind !== KIND[what]) continue
      place.direction = 'sendrecv'
      this.places.set(what, place)
      void place.sender.replaceTrack(this.tracks[what]).catch(() => undefined)
    }
  }
}
