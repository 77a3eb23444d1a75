import { effectScope, shallowReactive } from 'vue'
import type { Call } from './call'
import type { OwnMedium } from './types'

export type { Call } from './call'
export type * from './types'

const none: OwnMedium = {
  wanted: false,
  on: false,
  held: false,
  asking: false,
  trouble: null,
  paused: false,
  device: '',
  stream: null,
}
const later = () => Promise.resolve()

let made: Call | undefined

/** The call of the room that this page is in. It follows the room by itself: one engine for each page, made when it is first used. */
export function useCall(): Call {
  made ??= effectScope(true).run(make)!
  return made
}

function make(): Call {
  return shallowReactive<Call>({
    phase: 'idle',
    leftBecause: null,
    error: null,
    seat: null,
    own: {
      microphone: none,
      camera: none,
      screen: none,
      screenSound: false,
      hand: false,
      speaking: false,
      unheard: false,
    },
    devices: { microphone: [], camera: [], loudspeaker: [] },
    chosen: { microphone: '', camera: '', loudspeaker: '' },
    peers: [],
    activeSpeaker: null,
    elsewhere: false,
    soundBlocked: false,
    audioFirst: false,
    pushing: false,
    reactions: [],
    way: null,
    prepare: later,
    stopPreparing: () => undefined,
    join: later,
    takeOver: later,
    leave: later,
    setMicrophone: later,
    setCamera: later,
    shareScreen: () => Promise.resolve(false),
    stopScreen: () => undefined,
    chooseDevice: later,
    pushToTalk: () => undefined,
    setHand: later,
    react: () => undefined,
    setTileSize: () => undefined,
    setVolume: () => undefined,
    soundOn: later,
    checkWay: later,
    level: () => 0,
    history: () => [],
    mix: () => ({ stream: new MediaStream(), stop: () => undefined }),
    onNotice: () => () => undefined,
  })
}
