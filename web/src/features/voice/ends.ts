/** What one end of a call says to the other one; the server passes it on (`voice.line`). */
export interface Word {
  kind: 'offer' | 'answer' | 'candidate' | 'restart'
  said: string
  mid: string | null
}
export type Say = (word: Word) => void

/** How long a connection may be disturbed before its way is looked for anew. */
const PATIENCE_MS = 2_000

/**
 * One end of the media connection of a call, for one epoch of it. The phone offers, always: so two offers never meet. What
 * is heard is taken in order, each word after the one before has had its effect.
 */
abstract class End {
  protected readonly connection: RTCPeerConnection
  private last: Promise<void> = Promise.resolve()
  private patience: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(
    servers: RTCIceServer[],
    protected readonly say: Say,
    private readonly tell: (state: RTCPeerConnectionState) => void,
    policy: RTCIceTransportPolicy = 'all',
  ) {
    this.connection = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: policy })
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.say({ kind: 'candidate', said: candidate.candidate, mid: candidate.sdpMid })
    }
    this.connection.onconnectionstatechange = () => this.follow()
  }

  /** Takes a word of the other end. One that does not fit any more is left out. */
  hear(word: Word): void {
    this.then(() => this.take(word))
  }

  close(): void {
    this.closed = true
    clearTimeout(this.patience)
    this.connection.close()
  }

  /** New servers, or new credentials for the old ones: for the next time that a way is looked for. */
  serve(servers: RTCIceServer[]): void {
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers: servers })
  }

  /** Looks for a new way, as after a change of networks. */
  abstract restart(): void

  protected abstract take(word: Word): Promise<void>

  protected then(act: () => Promise<void>): void {
    this.last = this.last.then(async () => {
      if (this.closed) return
      try {
        await act()
      } catch {
        // A word of before a restart, or the connection was closed meanwhile: what comes next puts it right.
      }
    })
  }

  protected async candidate(word: Word): Promise<void> {
    await this.connection.addIceCandidate({ candidate: word.said, sdpMid: word.mid })
  }

  private follow(): void {
    const state = this.connection.connectionState
    clearTimeout(this.patience)
    if (state === 'failed') this.restart()
    else if (state === 'disconnected') this.patience = setTimeout(() => this.restart(), PATIENCE_MS)
    this.tell(state)
  }
}

/** The phone: its microphone goes out, nothing comes in. */
export class PhoneEnd extends End {
  private readonly sender: RTCRtpTransceiver

  constructor(
    microphone: MediaStreamTrack,
    servers: RTCIceServer[],
    say: Say,
    tell: (state: RTCPeerConnectionState) => void,
    policy?: RTCIceTransportPolicy,
  ) {
    super(servers, say, tell, policy)
    this.sender = this.connection.addTransceiver(microphone, { direction: 'sendonly' })
    this.offer(false)
  }

  restart(): void {
    this.offer(true)
  }

  /** Another microphone, without a new beginning. */
  async use(microphone: MediaStreamTrack | null): Promise<void> {
    await this.sender.sender.replaceTrack(microphone)
  }

  protected async take(word: Word): Promise<void> {
    if (word.kind === 'candidate') await this.candidate(word)
    else if (word.kind === 'restart') this.offer(true)
    else if (word.kind === 'answer')
      await this.connection.setRemoteDescription({ type: 'answer', sdp: word.said })
  }

  private offer(iceRestart: boolean): void {
    this.then(async () => {
      // An offer that was not answered is taken back: the new one is instead of it.
      if (this.connection.signalingState === 'have-local-offer')
        await this.connection.setLocalDescription({ type: 'rollback' })
      await this.connection.setLocalDescription(await this.connection.createOffer({ iceRestart }))
      this.say({ kind: 'offer', said: this.connection.localDescription?.sdp ?? '', mid: null })
    })
  }
}

/** The screen: it answers, and plays what comes. */
export class ScreenEnd extends End {
  constructor(
    servers: RTCIceServer[],
    say: Say,
    tell: (state: RTCPeerConnectionState) => void,
    play: (track: MediaStreamTrack) => void,
    policy?: RTCIceTransportPolicy,
  ) {
    super(servers, say, tell, policy)
    this.connection.ontrack = ({ track }) => play(track)
  }

  restart(): void {
    this.say({ kind: 'restart', said: '', mid: null })
  }

  protected async take(word: Word): Promise<void> {
    if (word.kind === 'candidate') return this.candidate(word)
    if (word.kind !== 'offer') return
    await this.connection.setRemoteDescription({ type: 'offer', sdp: word.said })
    await this.connection.setLocalDescription()
    this.say({ kind: 'answer', said: this.connection.localDescription?.sdp ?? '', mid: null })
  }
}
