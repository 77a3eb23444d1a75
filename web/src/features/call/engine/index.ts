import '../effects'
import { effectScope } from 'vue'
import { cameraId, loudspeaker, microphoneId } from '@/core/device'
import { useRoom } from '@/core/room'
import type { Call } from './call'
import { makeEngine, type Engine } from './engine'

export type { Call } from './call'
export type * from './types'

let made: Call | undefined

/** The call of the room that this page is in. It follows the room by itself: one engine for each page, made when it is first used. */
export function useCall(): Call {
  made ??= effectScope(true).run(() => viewOf(makeEngine()))!
  return made
}

/** As the page is shown it: read in computeds and templates, it is reactive. */
function viewOf(engine: Engine): Call {
  const room = useRoom()
  const { own, people, session, sink, output, reactions, blocked, way, active, self } = engine
  const { microphone, camera, screen } = own
  const ownView = {
    microphone: microphone.state,
    camera: camera.state,
    screen: screen.state,
    get screenSound() {
      return screen.sound.value
    },
    get screenSilenced() {
      return screen.silenced.value
    },
    get hand() {
      return session.mine.value?.hand_at != null
    },
    get speaking() {
      return self.speaking
    },
    get unheard() {
      return self.unheard
    },
  }
  const devices = {
    get microphone() {
      return own.listed.microphone
    },
    get camera() {
      return own.listed.camera
    },
    get loudspeaker() {
      return output.found.value
    },
  }
  const chosen = {
    get microphone() {
      return microphoneId.value
    },
    get camera() {
      return cameraId.value
    },
    get loudspeaker() {
      return loudspeaker.value?.id ?? ''
    },
  }
  return {
    get phase() {
      return session.phase.value
    },
    get leftBecause() {
      return session.leftBecause.value
    },
    get error() {
      return session.error.value
    },
    get seat() {
      return session.place.value?.seat ?? null
    },
    own: ownView,
    devices,
    chosen,
    get peers() {
      return people.peers.value
    },
    get activeSpeaker() {
      return active.value
    },
    get elsewhere() {
      return session.elsewhere.value
    },
    get soundBlocked() {
      return blocked.value
    },
    get audioFirst() {
      return people.audioFirst.value
    },
    get strained() {
      return people.strained.value
    },
    get pushing() {
      return own.pushing.value
    },
    get reactions() {
      return reactions.now.value
    },
    get way() {
      return way.value
    },
    prepare: engine.prepare,
    stopPreparing: engine.stopPreparing,
    join: () => engine.enter(false),
    takeOver: () => engine.enter(true),
    leave: session.leave,
    setMicrophone: (on) => own.set('microphone', on),
    setCamera: (on) => own.set('camera', on),
    shareScreen: () => screen.share(),
    stopScreen: () => void screen.stop(),
    chooseDevice: async (kind, id) => {
      if (kind !== 'loudspeaker') return own.choose(kind, id)
      const name = output.found.value.find((each) => each.id === id)?.name ?? ''
      loudspeaker.value = id ? { id, name } : null
      await output.apply()
    },
    nameLoudspeakers: () => output.name(),
    pushToTalk: (down) => void own.push(down),
    setHand: (up) => engine.ask(() => room.send('call.hand', { up })),
    react: (emoji) => room.signal('call.react', { emoji }),
    setTileSize: (seat, what, width, height, visible) => people.size(seat, what, width, height, visible),
    setVolume: (seat, volume) => people.setVolume(seat, volume),
    soundOn: () => sink.unlock().then(output.apply),
    checkWay: engine.checkWay,
    level: (of) => (of === 'me' ? (microphone.state.on ? sink.ownLevel() : 0) : sink.level(of)),
    history: (seat) => people.history(seat),
    mix: () => sink.mix([microphone.out, screen.soundTrack].filter((track) => track !== null)),
    onNotice: engine.onNotice,
  }
}
