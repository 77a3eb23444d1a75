import { shallowReactive, shallowRef } from 'vue'
import { isOwnTab, nameOwnTab } from './own-tab'
import type { OwnMedium, Trouble } from './types'

type Changing = { -readonly [K in keyof OwnMedium]: OwnMedium[K] }

/** What newer browsers can be asked besides. */
type Options = DisplayMediaStreamOptions & {
  audio: MediaTrackConstraints & { restrictOwnAudio: boolean }
  systemAudio?: 'include'
  surfaceSwitching?: 'include'
  selfBrowserSurface?: 'include'
}

/** What was not chosen is no trouble. */
function causeOf(error: unknown): Trouble | null {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'AbortError') return null
  if (name === 'NotFoundError') return 'missing'
  return name === 'TypeError' ? 'unsupported' : 'busy'
}

/** One's own shared screen, and what it sounds like: a track of its own, which is nobody's voice. */
export class OwnScreen {
  readonly state: Changing = shallowReactive<Changing>({
    wanted: false,
    on: false,
    held: false,
    asking: false,
    trouble: null,
    paused: false,
    device: '',
    stream: null,
  })
  readonly sound = shallowRef(false)
  /** It is this very tab, and what it plays stays here: the others would hear themselves. */
  readonly silenced = shallowRef(false)
  /** The picture itself, for who asks how large it is. */
  track: MediaStreamTrack | null = null
  private heard: MediaStreamTrack | null = null

  constructor(
    private readonly sends: (what: 'screen' | 'sound', track: MediaStreamTrack | null) => void,
    private readonly endedByItself: () => void,
  ) {}

  /** What it sounds like to the others. */
  get soundTrack(): MediaStreamTrack | null {
    return this.sound.value ? this.heard : null
  }

  /** Lets the person choose. False: they chose nothing, or it could not be. */
  async share(): Promise<boolean> {
    const { state } = this
    if (state.held || state.asking) return false
    if (!window.isSecureContext) return this.fail('insecure')
    const devices = navigator.mediaDevices
    if (typeof devices.getDisplayMedia !== 'function') return this.fail('unsupported')
    state.asking = true
    state.trouble = null
    const options: Options = {
      video: { frameRate: { ideal: 30, max: 30 }, width: { max: 2560 }, height: { max: 1440 } },
      // Music and films as they are: nothing in them is noise. Nobody is to hear their own voice back, which this page
      // plays: the system's sound comes without it, where a browser can do that, and for the tab itself see `hear`.
      audio: {
        echoCancellation: !('restrictOwnAudio' in devices.getSupportedConstraints()),
        noiseSuppression: false,
        autoGainControl: false,
        restrictOwnAudio: true,
      },
      systemAudio: 'include',
      surfaceSwitching: 'include',
      selfBrowserSurface: 'include',
    }
    nameOwnTab(devices)
    try {
      this.take(await devices.getDisplayMedia(options))
      return state.on
    } catch (error) {
      return this.fail(causeOf(error))
    } finally {
      state.asking = false
    }
  }

  /** Whether there was something to stop. */
  stop(): boolean {
    const { track } = this
    if (!track) return false
    track.onended = null
    track.removeEventListener('capturehandlechange', this.hear)
    track.stop()
    this.heard?.stop()
    this.track = this.heard = null
    Object.assign(this.state, { wanted: false, on: false, stream: null })
    this.sound.value = this.silenced.value = false
    this.sends('screen', null)
    this.sends('sound', null)
    return true
  }

  private take(stream: MediaStream): void {
    const [track] = stream.getVideoTracks()
    const [sound] = stream.getAudioTracks()
    if (!track || this.state.held) return stream.getTracks().forEach((each) => each.stop())
    this.stop()
    track.contentHint = 'detail'
    if (sound) sound.contentHint = 'music'
    this.track = track
    this.heard = sound ?? null
    track.onended = () => {
      if (this.track === track && this.stop()) this.endedByItself()
    }
    Object.assign(this.state, { wanted: true, on: true, stream: new MediaStream([track]) })
    this.sends('screen', track)
    this.hear()
    // Browsers let people go on with another tab while they share.
    track.addEventListener('capturehandlechange', this.hear)
  }

  private readonly hear = (): void => {
    const { track, heard } = this
    this.silenced.value = track !== null && heard !== null && isOwnTab(track)
    this.sound.value = heard !== null && !this.silenced.value
    this.sends('sound', this.soundTrack)
  }

  private fail(trouble: Trouble | null): false {
    this.state.trouble = trouble
    return false
  }
}
