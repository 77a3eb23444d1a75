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
 * One connection to one other browser. The first offer has a place for a microphone and one for a camera, both ways, filled
 * or not: so switching them on and off needs no words. Screens get places of their own when they are first shared.
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
    for (const what of ['microphone', 'camera'] as const) {
      const track = this.tracks[what]
      this.places.set(what, this.connection.addTransceiver(track ?? KIND[what], { direction: 'sendrecv' }))
    }
    this.addScreens()
    this.negotiation.begin()
  }

  hear(word: Word): Promise<void> {
    return this.negotiation.hear(word)
  }

  /** Sends this from now on; null: nothing. Only the first share of a screen needs new words. */
  async put(what: Sent, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[what] = track
    const place = this.places.get(what)
    if (place) await place.sender.replaceTrack(track)
    else if (this.negotiation.began || this.places.has('microphone')) this.addScreens()
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

  /** Looks for new ways; the browser makes an offer for it by itself. */
  restart(servers: RTCIceServer[]): void {
    if (this.closed) return
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers: servers })
    this.connection.restartIce()
  }

  close(): void {
    this.closed = true
    this.negotiation.close()
    this.connection.onconnectionstatechange = this.connection.oniceconnectionstatechange = null
    this.connection.ontrack = this.channel.onmessage = this.channel.onopen = null
    this.connection.close()
  }

  /** The first two places of the first offer are the microphone and the camera; what comes later is a screen and its sound. */
  private take(track: MediaStreamTrack, transceiver: RTCRtpTransceiver): void {
    const at = this.connection.getTransceivers().indexOf(transceiver)
    const what: Sent =
      at === 0 ? 'microphone' : at === 1 ? 'camera' : track.kind === 'video' ? 'screen' : 'sound'
    if (KIND[what] === track.kind) this.tells.incoming(what, track)
  }

  private placeAnswer(): void {
    const [microphone, camera] = this.connection.getTransceivers()
    for (const [what, place] of [
      ['microphone', microphone],
      ['camera', camera],
    ] as const) {
      if (place?.receiver.track.kind !== KIND[what]) continue
      place.direction = 'sendrecv'
      this.places.set(what, place)
      void place.sender.replaceTrack(this.tracks[what]).catch(() => undefined)
    }
    this.addScreens()
  }

  private addScreens(): void {
    for (const what of ['screen', 'sound'] as const) {
      const track = this.tracks[what]
      if (track && !this.places.has(what))
        this.places.set(what, this.connection.addTransceiver(track, { direction: 'sendonly' }))
    }
  }
}
