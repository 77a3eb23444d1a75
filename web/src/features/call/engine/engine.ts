import { shallowReactive, shallowRef, watch } from 'vue'
import { Servers } from '@/core/ice-servers'
import { useRoom } from '@/core/room'
import { useOutput } from '../../voice/output'
import { Talking } from '../../voice/talking'
import { Mesh } from './mesh'
import { watchNetwork } from './network'
import { useOwn } from './own'
import { People } from './people'
import { Reactions } from './reactions'
import { told, useSession } from './session'
import { Sink } from './sink'
import { ActiveSpeaker } from './speakers'
import type { Transport } from './transport'
import type { Notice, WayCheck } from './types'
import { findWay } from './way'

/** Longer a call does not wait for its servers: in most networks it goes without, and takes them when they come. */
const SERVERS_MS = 400
/** Speaking is said again before the server believes that it is over. */
const SPEAK_MS = 1_500

/** The parts of a call on this page, put together. For as long as the scope is there. */
export function makeEngine() {
  const room = useRoom()
  const listeners = new Set<(notice: Notice) => void>()
  const notice = (what: Notice) => listeners.forEach((listener) => listener(what))
  const blocked = shallowRef(false)
  const way = shallowRef<WayCheck | null>(null)
  const active = shallowRef<string | null>(null)
  const self = shallowReactive({ speaking: false, unheard: false })
  const attention = new ActiveSpeaker()
  const sink = new Sink((is) => (blocked.value = is))
  const output = useOutput(() => sink.output)
  const reactions = new Reactions()
  let transport: Transport | null = null
  let servers: Servers | null = null
  let given: RTCIceServer[] | null = null
  let stops: (() => void)[] = []

  const own = useOwn({
    sends: (what, track) => {
      if (what === 'microphone') sink.listen(own.microphone.raw)
      if (transport && transport.tracks[what] !== track)
        void transport.put(what, track).then(() => people.adapt())
    },
    notice,
  })
  const people = new People({
    transport: () => transport,
    sink,
    pictures: () => room.state.call?.settings.pictures ?? 'auto',
    ticked: (speaking) => tick(speaking),
  })
  const session = useSession(own, {
    follow: (me, epoch, others) => {
      own.hold(me.held, transport === null)
      transport ??= begin()
      people.follow(others)
      const places = others.map(({ id, epoch, there }) => ({ seat: id, epoch, there }))
      transport.follow({ seat: me.id, epoch, there: true }, places)
    },
    ready: (is) => transport?.ready(is),
    coming: () => {
      void askServers()
      void own.open()
    },
    over: end,
    refused: (error) => notice({ kind: 'refused', error }),
  })

  /** Asked for before anybody joins, so that nothing waits for them then. */
  function askServers(): Promise<RTCIceServer[]> {
    const link = encodeURIComponent(room.state.rooms?.room.link ?? '')
    servers ??= new Servers(`/api/rooms/${link}/call/ice`, room.now, (now, late) => {
      given = now
      transport?.serve(now, late)
    })
    return servers.get().then((now) => (given = now))
  }

  function begin(): Transport {
    const mesh = new Mesh({
      ...people.tells,
      say: (word) => room.signal('call.say', word),
      stuck: session.anew,
    })
    mesh.serve(given ?? [], false)
    if (given === null) void askServers().then((late) => mesh.serve(late, late.length > 0))
    const { microphone, camera, screen } = own
    mesh.tracks.microphone = microphone.out
    mesh.tracks.camera = camera.out
    mesh.tracks.screen = screen.track
    mesh.tracks.sound = screen.soundTrack
    stops = [
      room.onSignal('call.said', (word) => mesh.hear(word)),
      room.onSignal('call.reacted', reactions.add),
      watchNetwork(() => mesh.moved()),
    ]
    void output.apply()
    return mesh
  }

  function end(): void {
    for (const stop of stops) stop()
    stops = []
    people.clear()
    transport?.close()
    transport = null
    sink.clear()
    reactions.clear()
    servers?.close()
    servers = given = null
    own.close()
    self.speaking = self.unheard = false
    active.value = attention.now = null
  }

  const talking = new Talking()
  let saidAt = -Infinity
  /** Ten times a second: who speaks, oneself among them. */
  function tick(others: readonly string[]): void {
    const now = performance.now()
    const before = self.speaking
    const loud = talking.hear(sink.ownLevel(), now)
    self.speaking = loud && own.microphone.state.on
    self.unheard = loud && !own.microphone.state.on && !own.microphone.state.held
    if (room.status === 'live' && (self.speaking !== before || (self.speaking && now - saidAt > SPEAK_MS))) {
      saidAt = now
      room.signal('call.speak', { speaking: self.speaking })
    }
    const seat = session.place.value?.seat
    const present = people.peers.value.map((peer) => peer.seat)
    const heard = self.speaking && seat ? [...others, seat] : others
    active.value = attention.look(heard, seat ? [...present, seat] : present, now)
  }

  async function enter(take: boolean): Promise<void> {
    void sink.unlock().then(output.apply)
    const asked = askServers()
    void own.open()
    // Whoever looked at the page before joining has them already.
    if (given === null) await Promise.race([asked, new Promise((go) => setTimeout(go, SERVERS_MS))])
    await session.join(take)
  }

  watch(
    () => room.state.call?.settings.pictures,
    (now) => {
      if (now) own.pictures.value = now
      people.adapt()
    },
    { immediate: true },
  )

  return {
    own,
    people,
    session,
    sink,
    output,
    reactions,
    blocked,
    way,
    active,
    self,
    prepare: async () => {
      session.look('prejoin')
      void askServers()
      await own.open()
    },
    stopPreparing: () => {
      if (session.phase.value !== 'prejoin') return
      session.look('idle')
      end()
    },
    enter,
    checkWay: async () => {
      await findWay(await askServers(), (now) => (way.value = now))
    },
    /** Asks the server; a refusal is told. */
    ask: async (what: () => Promise<unknown>) => {
      try {
        await what()
      } catch (error) {
        notice({ kind: 'refused', error: told(error) })
      }
    },
    onNotice: (listener: (notice: Notice) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export type Engine = ReturnType<typeof makeEngine>
