import { computed, ref, shallowRef } from 'vue'
import { microphoneId } from '@/core/device'
import { microphoneCause, microphoneTrouble, type MicrophoneTrouble } from '@/core/microphone'
import { Meter, MICROPHONE } from './sound'

/** What the microphone is open for. It is closed when nothing wants it any more. */
type Want = 'check' | 'call'

const track = shallowRef<MediaStreamTrack | null>(null)
const trouble = shallowRef<MicrophoneTrouble | null>(null)
const asking = ref(false)
/** The system has stopped it for a while, as phones do in the background. */
const paused = ref(false)
const devices = shallowRef<MediaDeviceInfo[]>([])
const wants = new Set<Want>()
let opening: Promise<MediaStreamTrack | null> | undefined
let context: AudioContext | undefined
let meter: Meter | undefined
let source: MediaStreamAudioSourceNode | undefined

/** To be called in the handler of a tap: afterwards browsers do not let a page measure sound. */
function wakeMeter(): void {
  context ??= new AudioContext()
  meter ??= new Meter(context)
  void context.resume()
}

function put(next: MediaStreamTrack | null): void {
  source?.disconnect()
  track.value?.stop()
  track.value = next
  paused.value = next?.muted ?? false
  if (!next) return
  wakeMeter()
  source = context!.createMediaStreamSource(new MediaStream([next]))
  source.connect(meter!.analyser)
  next.onmute = () => (paused.value = true)
  next.onunmute = () => (paused.value = false)
  // Unplugged, or the permission was taken back: what is there now is asked for.
  next.onended = () => {
    if (track.value !== next) return
    put(null)
    if (wants.size > 0) void open()
  }
}

async function list(): Promise<void> {
  const found = await navigator.mediaDevices.enumerateDevices()
  // Browsers list the same one under further names, and without names before they are allowed to tell.
  devices.value = found.filter(
    ({ kind, deviceId }) => kind === 'audioinput' && !['', 'default', 'communications'].includes(deviceId),
  )
}

async function request(): Promise<MediaStream> {
  const wish = (deviceId?: ConstrainDOMString) =>
    navigator.mediaDevices.getUserMedia({ audio: deviceId ? { ...MICROPHONE, deviceId } : MICROPHONE })
  if (!microphoneId.value) return wish()
  try {
    return await wish({ exact: microphoneId.value })
  } catch (error) {
    // The chosen one is not connected now: another one is better than none.
    if (microphoneCause(error) !== 'missing') throw error
    return wish()
  }
}

async function ask(): Promise<MediaStreamTrack | null> {
  trouble.value = microphoneTrouble()
  if (trouble.value !== null) return null
  asking.value = true
  try {
    const [got] = (await request()).getAudioTracks()
    if (wants.size === 0) got?.stop()
    else put(got ?? null)
    await list().catch(() => undefined)
  } catch (error) {
    trouble.value = microphoneCause(error)
  } finally {
    asking.value = false
  }
  return track.value
}

function open(): Promise<MediaStreamTrack | null> {
  if (track.value?.readyState === 'live') return Promise.resolve(track.value)
  opening ??= ask().finally(() => (opening = undefined))
  return opening
}

/** The one microphone of this page: opened when somebody wants it, the same for all who do. */
export function useMicrophone() {
  return {
    track,
    trouble,
    asking,
    paused,
    devices,
    chosen: computed({
      // What the browser took by itself has a name of its own; its group says which one it is.
      get: () => {
        const { deviceId = microphoneId.value, groupId } = track.value?.getSettings() ?? {}
        const known = devices.value
        const now =
          known.find((each) => each.deviceId === deviceId) ?? known.find((each) => each.groupId === groupId)
        return (now ?? known[0])?.deviceId ?? ''
      },
      set: (id: string) => {
        microphoneId.value = id
        put(null)
        void open()
      },
    }),
    wakeMeter,
    /** How loud it is now, 0 to 1; 0 while it is closed, or silent by `track.enabled`. */
    level: (): number => (track.value && context?.state === 'running' ? (meter?.level() ?? 0) : 0),
    /** Opens it, asking for permission. Null when there is none: `trouble` says why. */
    open: (want: Want): Promise<MediaStreamTrack | null> => {
      wants.add(want)
      return open()
    },
    close: (want: Want): void => {
      wants.delete(want)
      if (wants.size === 0) put(null)
    },
  }
}
