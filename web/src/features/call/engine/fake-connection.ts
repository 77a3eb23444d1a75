/** For tests: what `RTCPeerConnection` does about descriptions, places and candidates, as JSEP says it, and no media. */

let numbers = 0

export class FakeTrack {
  readonly id = `track ${++numbers}`
  constructor(readonly kind: 'audio' | 'video') {}
}

export class FakeSender {
  constructor(public track: FakeTrack | null) {}
  replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track
    return Promise.resolve()
  }
}

export class FakeTransceiver {
  mid: string | null = null
  readonly sender: FakeSender
  readonly receiver: { track: FakeTrack }
  constructor(
    readonly kind: 'audio' | 'video',
    public direction: RTCRtpTransceiverDirection,
    track: FakeTrack | null,
    /** Made by a description of the other end, so gone when that is taken back. */
    readonly remote = false,
  ) {
    this.sender = new FakeSender(track)
    this.receiver = { track: new FakeTrack(kind) }
  }
}

interface Line {
  mid: string
  kind: 'audio' | 'video'
  sends: boolean
}
interface Sdp {
  of: number
  ufrag: string
  lines: Line[]
}
type Description = { type: 'offer' | 'answer'; sdp: string }

/** Its name comes first, as in those of browsers. */
const read = (sdp: string) => JSON.parse(sdp.slice(sdp.indexOf('\n') + 1)) as Sdp
const soon = () => new Promise<void>((go) => setTimeout(go))

export class FakeConnection {
  readonly number = ++numbers
  private described = 0
  signalingState: RTCSignalingState = 'stable'
  connectionState: RTCPeerConnectionState = 'new'
  localDescription: Description | null = null
  remoteDescription: Description | null = null
  onnegotiationneeded: (() => void) | null = null
  onicecandidate: ((event: { candidate: RTCIceCandidateInit | null }) => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  oniceconnectionstatechange: (() => void) | null = null
  ontrack: ((event: { track: FakeTrack; transceiver: FakeTransceiver }) => void) | null = null
  readonly channel = {
    readyState: 'connecting',
    sent: [] as string[],
    onmessage: null as ((event: { data: unknown }) => void) | null,
    onopen: null as (() => void) | null,
    send: (text: string) => void this.channel.sent.push(text),
  }
  readonly candidates: RTCIceCandidateInit[] = []
  rollbacks = 0
  restarts = 0
  private transceivers: FakeTransceiver[] = []
  private ufrag = `ufrag ${this.number}.0`
  private restarting = false
  private asked = false
  private last: Promise<unknown> = Promise.resolve()

  constructor(public configuration: RTCConfiguration = {}) {}

  createDataChannel() {
    return this.channel
  }
  getTransceivers(): FakeTransceiver[] {
    return [...this.transceivers]
  }
  getConfiguration(): RTCConfiguration {
    return this.configuration
  }
  setConfiguration(to: RTCConfiguration): void {
    this.configuration = to
  }
  addTransceiver(
    what: FakeTrack | 'audio' | 'video',
    { direction }: { direction: RTCRtpTransceiverDirection },
  ): FakeTransceiver {
    const track = typeof what === 'string' ? null : what
    const made = new FakeTransceiver(typeof what === 'string' ? what : what.kind, direction, track)
    this.transceivers.push(made)
    this.need()
    return made
  }
  restartIce(): void {
    this.restarts += 1
    this.restarting = true
    this.need()
  }
  close(): void {
    this.signalingState = 'closed'
    this.connectionState = 'closed'
  }

  setLocalDescription(): Promise<void> {
    return this.chain(() => {
      const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
      if (type === 'offer') {
        if (this.restarting) this.ufrag = `ufrag ${this.number}.${this.restarts}`
        for (const each of this.transceivers) each.mid ??= `${this.agreed.length}`
        this.signalingState = 'have-local-offer'
        this.asked = false
      } else this.stable()
      const lines = this.transceivers
        .filter(({ mid }) => mid !== null)
        .map(({ mid, kind, direction }) => ({ mid: mid!, kind, sends: direction.startsWith('send') }))
      const sdp: Sdp = { of: this.number, ufrag: this.ufrag, lines }
      this.described += 1
      this.localDescription = { type, sdp: `o=${this.number} ${this.described}\n${JSON.stringify(sdp)}` }
    })
  }

  setRemoteDescription({ type, sdp }: Description): Promise<void> {
    return this.chain(async () => {
      const said = read(sdp)
      if (type === 'answer' && this.signalingState !== 'have-local-offer')
        throw new Error('InvalidStateError')
      if (type === 'offer' && this.signalingState === 'have-local-offer') this.rollBack()
      this.remoteDescription = { type, sdp }
      const came: FakeTransceiver[] = []
      for (const line of said.lines) {
        let place = this.transceivers.find(({ mid }) => mid === line.mid)
        if (!place) {
          place = new FakeTransceiver(line.kind, 'recvonly', null, true)
          place.mid = line.mid
          this.transceivers.push(place)
        }
        if (line.sends) came.push(place)
      }
      if (type === 'offer') this.signalingState = 'have-remote-offer'
      else this.stable()
      for (const transceiver of came) this.ontrack?.({ track: transceiver.receiver.track, transceiver })
      await soon()
    })
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.chain(() => {
      if (!this.remoteDescription) throw new Error('InvalidStateError')
      const { ufrag } = read(this.remoteDescription.sdp)
      if (candidate.usernameFragment !== ufrag) throw new Error('OperationError')
      this.candidates.push(candidate)
    })
  }

  /** The browser finds a way. */
  find(candidate: string): void {
    this.onicecandidate?.({
      candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: this.ufrag },
    })
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  /** Places that both have agreed on. */
  get agreed(): string[] {
    return this.transceivers.filter(({ mid }) => mid !== null).map(({ kind }) => kind)
  }

  private rollBack(): void {
    this.rollbacks += 1
    const known = this.remoteDescription ? read(this.remoteDescription.sdp).lines.map(({ mid }) => mid) : []
    for (const each of this.transceivers) if (each.mid !== null && !known.includes(each.mid)) each.mid = null
    this.signalingState = 'stable'
    this.asked = false
  }

  private stable(): void {
    this.signalingState = 'stable'
    this.restarting = false
    if (this.transceivers.some(({ mid }) => mid === null)) this.need()
  }

  private need(): void {
    if (this.asked) return
    this.asked = true
    void soon().then(() => {
      if (!this.asked || this.signalingState === 'closed') return
      if (this.signalingState === 'stable') {
        this.asked = false
        this.onnegotiationneeded?.()
      } else this.asked = false
    })
  }

  /** The browser does one thing after the other. */
  private chain<T>(act: () => T | Promise<T>): Promise<T> {
    const next = this.last.then(async () => {
      await soon()
      if (this.signalingState === 'closed') return new Promise<T>(() => undefined)
      return act()
    })
    this.last = next.catch(() => undefined)
    return next
  }
}
