import { withVoice } from './voice-format'

/** What two ends of a connection say to each other to agree on it. */
export type Word =
  | { readonly kind: 'offer' | 'answer'; readonly sdp: string }
  | { readonly kind: 'candidates'; readonly candidates: readonly RTCIceCandidateInit[] }
  /** Asks for an offer with new ways. */
  | { readonly kind: 'restart' }

/** What of a browser's connection is needed here; a test has one that does as it is told. */
export type Negotiated = Pick<
  RTCPeerConnection,
  | 'signalingState'
  | 'remoteDescription'
  | 'localDescription'
  | 'setLocalDescription'
  | 'setRemoteDescription'
  | 'addIceCandidate'
  | 'restartIce'
  | 'onnegotiationneeded'
  | 'onicecandidate'
>

/** What is found within so long goes in one word. */
const TOGETHER_MS = 20
/** So many candidates one word takes. */
const MOST_TOGETHER = 16
const ONE_MS = 1_000
/** More that came before their description are no browser's. */
const MOST_EARLY = 200

/** What an offer is called: its sender, and the how manieth it is (RFC 8866, 5.2). Said again it may have more candidates. */
const nameOf = ({ sdp }: RTCSessionDescriptionInit): string => /^o=.*/m.exec(sdp ?? '')?.[0] ?? ''

/**
 * Two ends that agree on a connection. Either may make the first offer: when both have, the polite one begins anew with the other
 * one's, and the other one goes on as if it had heard nothing. After that only the one that is not polite offers, and the polite one asks
 * for it: so two offers never meet, and none is ever taken back. Browsers can do that, and after it Chromium shows what comes
 * of a camera no more.
 */
export class Negotiation {
  /** The first description of the other end was taken: tracks can be put where they belong. */
  began = false
  private making = false
  private restarted = -Infinity
  /** The last offer of the other end that was answered, by its name. */
  private answered: string | null = null
  private closed = false
  private early: RTCIceCandidateInit[] = []
  private found: RTCIceCandidateInit[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private last: Promise<void> = Promise.resolve()

  constructor(
    private readonly connection: Negotiated,
    private readonly polite: boolean,
    private readonly say: (word: Word) => void,
    private readonly hooks: {
      /** After the first offer of the other end, before it is answered. */
      place: () => void
      /** Both have made the very first offer, and this end is the polite one. What it has prepared would stay beside what the other
       * one has: it is to begin anew with a connection that has nothing yet, and hear this word with that one. */
      yields: (word: Word) => void
    },
  ) {
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) this.collect(candidate)
    }
  }

  begin(): void {
    this.listen()
    void this.offer()
  }

  /** Looks for new ways. The browser makes an offer for it by itself, of the end that offers. */
  restart(): void {
    if (this.polite) return this.say({ kind: 'restart' })
    if (!this.began) return this.again()
    // Both have noticed: one restart is for both.
    const now = performance.now()
    if (now - this.restarted < ONE_MS) return
    this.restarted = now
    this.connection.restartIce()
  }

  /** Says the last offer again when it was not answered, as when a word was lost. Making another one would cost more than saying it. */
  again(): void {
    if (this.connection.signalingState === 'have-local-offer' && !this.making) this.tell()
  }

  get waits(): boolean {
    return this.connection.signalingState === 'have-local-offer'
  }

  /** Words have their effect one after the other, in the order of hearing. */
  hear(word: Word): Promise<void> {
    this.last = this.last.then(async () => {
      if (this.closed) return
      try {
        if (word.kind === 'restart') {
          if (!this.polite) this.restart()
        } else if (word.kind === 'candidates') for (const each of word.candidates) await this.candidate(each)
        else await this.describe({ type: word.kind, sdp: word.sdp })
      } catch {
        // A word of before a restart, or no word at all: what comes next, or the next attempt, puts it right.
      }
    })
    return this.last
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    this.connection.onicecandidate = null
    this.connection.onnegotiationneeded = null
  }

  private listen(): void {
    if (!this.polite) this.connection.onnegotiationneeded ??= () => void this.offer()
  }

  private async offer(): Promise<void> {
    // What has changed while an offer is made, the browser asks for by itself when that is settled.
    if (this.closed || this.making) return
    this.making = true
    try {
      await this.connection.setLocalDescription()
      this.tell()
    } catch {
      // An offer of the other end was quicker: the browser asks again when that is settled.
    } finally {
      this.making = false
    }
  }

  private async describe(description: RTCSessionDescriptionInit): Promise<void> {
    const { signalingState } = this.connection
    if (description.type === 'offer' && (this.making || signalingState !== 'stable')) {
      if (!this.polite) return
      if (!this.began) return this.hooks.yields({ kind: 'offer', sdp: description.sdp ?? '' })
    }
    // It is said again because no answer has come yet: the one that there is will do.
    if (
      description.type === 'offer' &&
      signalingState === 'stable' &&
      this.answered &&
      nameOf(description) === this.answered
    )
      return this.tell()
    // An answer to an offer that was taken back.
    if (description.type === 'answer' && signalingState !== 'have-local-offer') return
    await this.connection.setRemoteDescription(description)
    if (description.type === 'offer') {
      if (!this.began) this.hooks.place()
      this.listen()
      await this.connection.setLocalDescription()
      this.answered = nameOf(description)
      this.tell()
    }
    this.began = true
    this.listen()
    const due = this.early
    this.early = []
    for (const each of due) await this.candidate(each)
  }

  private async candidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.connection.remoteDescription) {
      if (this.early.length < MOST_EARLY) this.early.push(candidate)
      return
    }
    try {
      await this.connection.addIceCandidate(candidate)
    } catch {
      // Of an offer that was not taken, or of before a restart.
    }
  }

  private tell(): void {
    const description = this.connection.localDescription
    if (this.closed || (description?.type !== 'offer' && description?.type !== 'answer')) return
    this.say({ kind: description.type, sdp: withVoice(description.sdp) })
  }

  private collect(candidate: RTCIceCandidate): void {
    this.found.push({
      candidate: candidate.candidate,
      sdpMid: candidate.sdpMid,
      sdpMLineIndex: candidate.sdpMLineIndex,
      usernameFragment: candidate.usernameFragment,
    })
    if (this.found.length >= MOST_TOGETHER) this.flush()
    else if (this.found.length === 1) this.timer = setTimeout(() => this.flush(), TOGETHER_MS)
  }

  private flush(): void {
    clearTimeout(this.timer)
    if (this.closed || this.found.length === 0) return
    this.say({ kind: 'candidates', candidates: this.found })
    this.found = []
  }
}
