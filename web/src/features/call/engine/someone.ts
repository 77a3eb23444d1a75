import type { CallParticipant } from '@/contract'
import { Talking } from '../../voice/talking'
import { Arrives } from './arrivals'
import type { Counters } from './counters'
import type { Sent } from './peer'
import { Narrow, UNTOLD } from './sending'
import type { Wish } from './transport'
import type { Grade, LinkState, Peer, Sample } from './types'

const MOST_SAMPLES = 120

/** A track for a `<video>`, as long as it is to be seen: when it is seen again, nothing of the last time is. */
class Shown {
  stream: MediaStream | null = null
  private track: MediaStreamTrack | null = null

  put(track: MediaStreamTrack | null): void {
    if (track === this.track) return
    this.track = track
    this.stream = track ? new MediaStream([track]) : null
  }
}

/** One other participant: what the server says of them, what comes of them, and what is measured of that. */
export class Someone {
  readonly tracks: Record<Sent, MediaStreamTrack | null> = {
    microphone: null,
    camera: null,
    screen: null,
    sound: null,
  }
  link: LinkState = 'waiting'
  readonly arrives = { microphone: new Arrives(), camera: new Arrives(), screen: new Arrives() }
  readonly talking = new Talking()
  readonly samples: Sample[] = []
  /** As last seen. */
  counters: Counters | null = null
  /** As they were with the last sample. */
  sampled: Counters | null = null
  measuring = false
  readonly narrow = new Narrow()
  /** How large they want this page's pictures. */
  wished: Wish = { camera: UNTOLD, screen: UNTOLD }
  /** How large theirs are shown here, and how large they are wanted for that. */
  shown: Wish = { camera: UNTOLD, screen: UNTOLD }
  wish: Wish = { camera: UNTOLD, screen: UNTOLD }
  /** They say that their camera is paused for this page. */
  pauses = false
  volume = 1
  peer: Peer
  private readonly camera = new Shown()
  private readonly screen = new Shown()

  constructor(
    public is: CallParticipant,
    now: number,
  ) {
    this.look(now)
    this.peer = this.made()
  }

  /** What may be seen and heard: what they are said to send, and nothing else, whatever comes. */
  open(what: Sent): MediaStreamTrack | null {
    const { is } = this
    const medium = what === 'sound' ? 'screen' : what
    const said = what === 'sound' ? is.screen && is.screen_sound : is[what]
    return said && !is.held.includes(medium) ? this.tracks[what] : null
  }

  get grade(): Grade {
    if (this.link === 'waiting' || this.link === 'connecting') return 'unknown'
    if (this.link !== 'connected') return 'lost'
    const last = this.samples.at(-1)?.grade ?? 'unknown'
    // Measured before it was there.
    return last === 'lost' ? 'unknown' : last
  }

  keep(sample: Sample): void {
    this.samples.push(sample)
    if (this.samples.length > MOST_SAMPLES) this.samples.shift()
  }

  /** Sees what has changed; true when the page is to be told. */
  look(now: number): boolean {
    const { is, counters, arrives } = this
    const held = (what: 'microphone' | 'camera' | 'screen') => is.held.includes(what)
    arrives.microphone.look(
      {
        said: is.microphone,
        held: held('microphone'),
        paused: false,
        count: counters?.in.microphone?.packets ?? null,
      },
      now,
    )
    const cameraPaused = this.pauses || this.wish.camera === null
    arrives.camera.look(
      {
        said: is.camera,
        held: held('camera'),
        paused: cameraPaused,
        count: counters?.in.camera?.frames ?? null,
      },
      now,
    )
    // A shared screen on which nothing moves sends next to nothing.
    const seen = {
      paused: this.wish.screen === null,
      count: counters?.in.screen?.frames ?? null,
      still: this.link === 'connected',
    }
    arrives.screen.look({ said: is.screen, held: held('screen'), ...seen }, now)
    this.camera.put(this.open('camera'))
    this.screen.put(this.open('screen'))
    const next = this.made()
    const before = this.peer as Peer | undefined
    if (before && (Object.keys(next) as (keyof Peer)[]).every((key) => next[key] === before[key]))
      return false
    this.peer = next
    return true
  }

  /** Something is on its way: it is worth a look sooner. */
  get coming(): boolean {
    return Object.values(this.arrives).some(({ now }) => now === 'coming')
  }

  private made(): Peer {
    const { is, arrives } = this
    return {
      seat: is.id,
      person: is.person,
      link: this.link,
      cameraStream: this.camera.stream,
      screenStream: this.screen.stream,
      microphone: arrives.microphone.now,
      camera: arrives.camera.now,
      screen: arrives.screen.now,
      screenSound: this.open('sound') !== null,
      speaking: this.talking.on,
      quality: this.grade,
      held: is.held,
      handAt: is.hand_at,
      volume: this.volume,
    }
  }
}
