import { computed, onScopeDispose, shallowReactive, shallowRef, watch } from 'vue'
import type { CallSettings } from '@/contract'
import { cameraId, microphoneId, withCamera, withMicrophone } from '@/core/device'
import { MICROPHONE } from '../../voice/sound'
import { openDevice } from './opened'
import type { Sent } from './peer'
import { cameraProcessor, microphoneProcessor } from './processors'
import { OwnScreen } from './screen'
import { Source } from './source'
import type { Device, Medium, Notice } from './types'

type Kind = 'microphone' | 'camera'

const CAMERA: Record<CallSettings['pictures'], readonly [number, number, number]> = {
  auto: [1280, 720, 30],
  high: [1280, 720, 30],
  low: [640, 360, 15],
  smallest: [160, 90, 8],
}

function cameraConstraints(pictures: CallSettings['pictures']): MediaTrackConstraints {
  const [width, height, frameRate] = CAMERA[pictures]
  return {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: frameRate, max: frameRate },
  }
}

/** What this page sends of its own: the microphone, the camera and the screen. For as long as the scope is there. */
export function useOwn(hooks: {
  /** This goes out from now on. */
  sends(what: Sent, track: MediaStreamTrack | null): void
  notice(notice: Notice): void
}) {
  const pictures = shallowRef<CallSettings['pictures']>('auto')
  const pushing = shallowRef(false)
  const listed = shallowReactive<Record<Kind, readonly Device[]>>({ microphone: [], camera: [] })
  /** Devices are open for a look, or for the call. */
  const active = shallowRef(false)
  const chosen = { microphone: microphoneId, camera: cameraId }

  const microphone: Source = new Source(
    {
      open: () => openDevice('audio', MICROPHONE, microphoneId.value),
      sends: () => apply(),
      ended: () => void replace('microphone'),
      plainIsFine: true,
      makesWay: false,
    },
    microphoneProcessor,
  )
  const camera: Source = new Source(
    {
      open: () => openDevice('video', cameraConstraints(pictures.value), cameraId.value),
      sends: () => apply(),
      ended: () => void replace('camera'),
      plainIsFine: false,
      makesWay: true,
    },
    cameraProcessor,
  )
  const sources: Record<Kind, Source> = { microphone, camera }
  const screen = new OwnScreen(
    (what, track) => hooks.sends(what, track),
    () => hooks.notice({ kind: 'share_ended' }),
  )
  microphone.state.wanted = withMicrophone.value
  camera.state.wanted = withCamera.value

  /** Brings what is sent in line with what is wanted and held. Muting has its effect here, at once. */
  function apply(): void {
    for (const kind of ['microphone', 'camera'] as const) {
      const { state, out } = sources[kind]
      const open = state.wanted || (kind === 'microphone' && pushing.value)
      const on = open && !state.held && out?.readyState === 'live'
      if (out) out.enabled = on
      state.on = on
      if (out && kind === 'camera') out.contentHint = 'motion'
      // A muted microphone stays in its place, so that it is heard the moment that it is opened.
      hooks.sends(kind, state.held ? null : out)
    }
  }

  const nameOf = (kind: Kind, id: string) => listed[kind].find((each) => each.id === id)?.name ?? null

  /** What was in use is gone: another one, if there is any. */
  async function replace(kind: Kind): Promise<void> {
    const source = sources[kind]
    if (!active.value || source.state.held || (kind === 'camera' && !source.state.wanted)) return
    await source.open()
    await list()
    if (!source.raw && source.state.trouble === 'missing') source.state.trouble = 'unplugged'
    const now = source.raw ? (nameOf(kind, source.state.device) ?? source.raw.label) : null
    hooks.notice({ kind: 'unplugged', device: kind, now })
  }

  async function list(): Promise<void> {
    const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
    const of = (kind: MediaDeviceKind): Device[] =>
      found
        // Browsers list the same one under further names, and without names before they are allowed to tell.
        .filter((each) => each.kind === kind && !['', 'default', 'communications'].includes(each.deviceId))
        .map(({ deviceId, label }, at) => ({ id: deviceId, name: label || `${at + 1}` }))
    listed.microphone = of('audioinput')
    listed.camera = of('videoinput')
    // What the browser took by itself has a name of its own; its group says which one it is.
    for (const kind of ['microphone', 'camera'] as const) {
      const { state, raw } = sources[kind]
      const { deviceId, groupId } = raw?.getSettings() ?? {}
      if (!deviceId || listed[kind].some(({ id }) => id === deviceId)) continue
      const same = found.find(
        (each) => each.groupId === groupId && listed[kind].some(({ id }) => id === each.deviceId),
      )
      if (same) state.device = same.deviceId
    }
  }

  /** Something was plugged in or pulled out. */
  async function plugged(): Promise<void> {
    await list()
    if (!active.value) return
    for (const kind of ['microphone', 'camera'] as const) {
      const { state, raw } = sources[kind]
      const wish = chosen[kind].value
      const back = raw && wish !== '' && state.device !== wish && listed[kind].some(({ id }) => id === wish)
      if (back) await sources[kind].reopen()
      else if (!raw && state.wanted && !state.held && state.trouble !== 'denied') await sources[kind].open()
    }
  }

  async function set(kind: Kind, on: boolean): Promise<void> {
    const { state } = sources[kind]
    if (on && state.held) return
    state.wanted = on
    if (kind === 'microphone') withMicrophone.value = on
    else withCamera.value = on
    if (!on) state.trouble = null
    // Its light goes out: nobody should have to trust a page in that.
    if (!on && kind === 'camera') camera.close()
    apply()
    if (on && active.value) {
      await sources[kind].open()
      void list()
    }
  }

  /** What a host holds of this person now. What is held is closed, and stays off when it is let go. `quiet`: it is nothing new. */
  function hold(held: readonly Medium[], quiet: boolean): void {
    for (const kind of ['microphone', 'camera'] as const) {
      const { state } = sources[kind]
      const is = held.includes(kind)
      if (is === state.held) continue
      state.held = is
      if (is) {
        state.wanted = false
        sources[kind].close()
      }
      if (!quiet) hooks.notice({ kind: 'held', medium: kind, on: is })
    }
    const is = held.includes('screen')
    if (is !== screen.state.held) {
      screen.state.held = is
      if (is) screen.stop()
      if (!quiet) hooks.notice({ kind: 'held', medium: 'screen', on: is })
    }
    apply()
  }

  /** Off for this call, by somebody else's wish: what the person wants at other times stays. */
  function mute(): void {
    microphone.state.wanted = false
    apply()
  }

  async function open(): Promise<void> {
    active.value = true
    const wanted = (['microphone', 'camera'] as const).filter((kind) => {
      const { state } = sources[kind]
      return state.wanted && !state.held
    })
    await Promise.all(wanted.map((kind) => sources[kind].open()))
    await list()
  }

  function close(): void {
    active.value = false
    pushing.value = false
    screen.stop()
    for (const kind of ['microphone', 'camera'] as const) {
      sources[kind].close()
      sources[kind].state.held = false
    }
    screen.state.held = false
    apply()
  }

  async function choose(kind: Kind, id: string): Promise<void> {
    chosen[kind].value = id
    if (active.value && sources[kind].raw) await sources[kind].reopen()
    else if (active.value && sources[kind].state.wanted) await sources[kind].open()
  }

  async function push(down: boolean): Promise<void> {
    if (down === pushing.value) return
    pushing.value = down
    apply()
    if (down && active.value && !microphone.state.held) await microphone.open()
  }

  watch(pictures, (now) => {
    // What goes out is a copy, with a size of its own; what a processor makes follows the camera.
    for (const track of new Set([camera.raw, camera.out]))
      track?.applyConstraints(cameraConstraints(now)).catch(() => undefined)
  })
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  devices?.addEventListener('devicechange', plugged)
  onScopeDispose(() => {
    devices?.removeEventListener('devicechange', plugged)
    close()
  })
  void list()

  return {
    microphone,
    camera,
    screen,
    listed,
    pictures,
    pushing,
    /** What is said of it to the server. */
    said: computed(() => ({
      microphone: microphone.state.on,
      camera: camera.state.on,
      screen: screen.state.on,
      screen_sound: screen.sound.value,
    })),
    open,
    close,
    set,
    hold,
    mute,
    choose,
    push,
    list,
  }
}

export type OwnMedia = ReturnType<typeof useOwn>
