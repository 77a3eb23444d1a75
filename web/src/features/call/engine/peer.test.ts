import { describe, expect, it } from 'vitest'
import { FakeConnection, FakeTrack } from './fake-connection'
import type { Word } from './negotiation'
import { Peer, SENT, type Sent, type Tracks } from './peer'

const none = (): Tracks => ({ microphone: null, camera: null, screen: null, sound: null })
const track = (kind: 'audio' | 'video') => new FakeTrack(kind) as unknown as MediaStreamTrack
const settle = async () => {
  for (let round = 0; round < 60; round += 1) await new Promise((go) => setTimeout(go))
}

/** One end, with a way to the other one on which words can be held up. */
class End {
  peer!: Peer
  connection!: FakeConnection
  other!: End
  held: Word[] | null = null
  yielded = 0
  readonly heard: Sent[] = []

  constructor(
    readonly polite: boolean,
    readonly tracks: Tracks = none(),
  ) {
    this.make()
  }

  make(): void {
    const made: Peer = new Peer(
      () => (this.connection = new FakeConnection()) as unknown as RTCPeerConnection,
      this.polite,
      this.tracks,
      {
        say: (word) => (this.held ? this.held.push(word) : void this.other.peer.hear(word)),
        incoming: (what) => this.heard.push(what),
        changed: () => undefined,
        message: () => undefined,
        open: () => undefined,
        yields: (word) => {
          this.yielded += 1
          made.close()
          this.make()
          void this.peer.hear(word)
        },
      },
    )
    this.peer = made
  }

  release(): void {
    const due = this.held ?? []
    this.held = null
    for (const word of due) void this.other.peer.hear(word)
  }
}

function both(first: Tracks = none(), second: Tracks = none()): [End, End] {
  const [rude, polite] = [new End(false, first), new End(true, second)]
  rude.other = polite
  polite.other = rude
  return [rude, polite]
}
const stable = (...ends: End[]) => ends.map(({ connection }) => connection.signalingState)

describe('[M2] two browsers that agree on a connection', () => {
  it('has a place for everything after one offer, both ways', async () => {
    const [rude, polite] = both({ ...none(), microphone: track('audio'), camera: track('video') })
    rude.peer.begin()
    await settle()
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
    expect(polite.connection.agreed).toEqual(['audio', 'video', 'video', 'audio'])
    // Both ways: what is switched on later needs no words.
    expect(polite.heard).toEqual(SENT)
    expect(rude.heard).toEqual(SENT)
    const camera = track('video')
    await polite.peer.put('camera', camera)
    expect(polite.peer.sender('camera')?.track).toBe(camera)
    await settle()
    expect(polite.connection.localDescription?.type).toBe('answer')
  })

  it('begins anew on the polite side when both have made the first offer', async () => {
    const [rude, polite] = both()
    rude.peer.begin()
    polite.peer.begin()
    await settle()
    expect(polite.yielded).toBe(1)
    expect(rude.yielded).toBe(0)
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
    expect([rude.connection.agreed.length, polite.connection.agreed.length]).toEqual([4, 4])
    expect([rude.connection.rollbacks, polite.connection.rollbacks]).toEqual([0, 0])
  })

  it('needs no words for screens, of both at once either', async () => {
    const [rude, polite] = both()
    rude.peer.begin()
    await settle()
    const agreed = [rude.connection.remoteDescription, polite.connection.remoteDescription]
    const screens = [track('video'), track('video')]
    await Promise.all([rude.peer.put('screen', screens[0]!), polite.peer.put('screen', screens[1]!)])
    await rude.peer.put('sound', track('audio'))
    await settle()
    expect([rude.peer.sender('screen')?.track, polite.peer.sender('screen')?.track]).toEqual(screens)
    expect([rude.connection.remoteDescription, polite.connection.remoteDescription]).toEqual(agreed)
  })

  it('asks for new ways when it is polite: no offer is ever taken back', async () => {
    const [rude, polite] = both()
    rude.peer.begin()
    await settle()
    polite.held = []
    polite.peer.restart([])
    await settle()
    expect(polite.held).toEqual([{ kind: 'restart' }])
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
    polite.release()
    await settle()
    expect(rude.connection.restarts).toBe(1)
    expect(polite.connection.rollbacks).toBe(0)
  })

  it('keeps candidates that come before the description, and drops those of an offer that was not taken', async () => {
    const [rude, polite] = both()
    rude.held = []
    rude.peer.begin()
    await settle()
    rude.connection.find('early')
    await new Promise((go) => setTimeout(go, 40))
    const [offer, candidates] = rude.held
    expect([offer?.kind, candidates?.kind]).toEqual(['offer', 'candidates'])
    void polite.peer.hear(candidates!)
    await settle()
    expect(polite.connection.candidates).toEqual([])
    void polite.peer.hear({
      kind: 'candidates',
      candidates: [{ candidate: 'of nobody', usernameFragment: 'other' }],
    })
    void polite.peer.hear(offer!)
    await settle()
    expect(polite.connection.candidates.map(({ candidate }) => candidate)).toEqual(['early'])
  })

  it('looks for new ways by an offer of either side, at once too', async () => {
    const [rude, polite] = both()
    rude.peer.begin()
    await settle()
    rude.peer.restart([])
    polite.peer.restart([{ urls: 'turn:a' }])
    await settle()
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
    expect(rude.connection.localDescription?.sdp).toContain('.1')
    expect(polite.connection.configuration.iceServers).toEqual([{ urls: 'turn:a' }])
  })

  it('makes nothing anew for an offer that is said again: the answer is said again', async () => {
    const [rude, polite] = both()
    rude.peer.begin()
    await settle()
    rude.peer.restart([])
    polite.held = []
    await settle()
    expect(rude.peer.waits).toBe(true)
    const [answer] = [polite.connection.localDescription]
    rude.peer.again()
    rude.peer.again()
    await settle()
    expect(polite.connection.localDescription).toBe(answer)
    expect(polite.held.map(({ kind }) => kind)).toEqual(['answer', 'answer', 'answer'])
    polite.release()
    await settle()
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
  })

  it('says its offer again when the answer was lost, and goes on after words that are none', async () => {
    const [rude, polite] = both()
    polite.held = []
    rude.peer.begin()
    await settle()
    expect(rude.peer.waits).toBe(true)
    polite.held = null
    rude.peer.again()
    await settle()
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
    await rude.peer.hear({ kind: 'offer', sdp: 'no description' })
    await rude.peer.hear({ kind: 'answer', sdp: 'nor this' })
    rude.peer.restart([])
    await settle()
    expect(rude.connection.localDescription?.sdp).toContain('.1')
    expect(stable(rude, polite)).toEqual(['stable', 'stable'])
  })
})
