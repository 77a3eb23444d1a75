import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { loudspeaker, type Loudspeaker } from '@/core/device'
import { tell } from '@/design/toasts'

type Sinking = AudioContext & { setSinkId?: (id: string) => Promise<void> }
type Choosing = MediaDevices & { selectAudioOutput?: (of?: { deviceId: string }) => Promise<MediaDeviceInfo> }

const TOUCHES = ['pointerup', 'keydown'] as const

/** Missing on pages without HTTPS. */
const devices = () => (navigator as { mediaDevices?: Choosing }).mediaDevices
const byContext = () => typeof AudioContext === 'function' && 'setSinkId' in AudioContext.prototype
const byElement = () => typeof HTMLMediaElement === 'function' && 'setSinkId' in HTMLMediaElement.prototype

/** Whether this browser lets a page choose among loudspeakers. */
export function canChooseOutput(): boolean {
  const has = devices()
  return has !== undefined && (byContext() || (byElement() && 'selectAudioOutput' in has))
}

/** Whether the browser itself asks which one, as Firefox does; it tells of no others then. */
export const browserAsks = (): boolean => devices()?.selectAudioOutput !== undefined

/** Where a page's sound goes. Browsers without a way for the sound itself have one for elements: there one plays it. */
export class Output {
  readonly node: AudioNode
  private readonly element: HTMLAudioElement | null = null

  constructor(private readonly context: AudioContext) {
    if (byContext() || !byElement()) {
      this.node = context.destination
      return
    }
    const node = context.createMediaStreamDestination()
    this.node = node
    this.element = new Audio()
    this.element.srcObject = node.stream
  }

  /** After a touch of the person. */
  async play(): Promise<void> {
    await this.element?.play()
  }

  /**
   * Empty: the system's own. Rejects when it is not there, or not allowed. Returns the one that it is now, which may
   * have got another name.
   */
  async use(to: Loudspeaker | null): Promise<Loudspeaker | null> {
    const id = to?.id ?? ''
    if (this.element) return this.let(this.element, to)
    await (this.context as Sinking).setSinkId?.(id)
    return to
  }

  private async let(element: HTMLAudioElement, to: Loudspeaker | null): Promise<Loudspeaker | null> {
    try {
      await element.setSinkId(to?.id ?? '')
      return to
    } catch (error) {
      // In a page that was loaded anew Firefox wants to be asked for it again: in a touch, and then without a question.
      const again = to && (await devices()?.selectAudioOutput?.({ deviceId: to.id }))
      if (!again) throw error
      await element.setSinkId(again.deviceId)
      return { id: again.deviceId, name: again.label || to.name }
    }
  }
}

/** The loudspeaker that this device has chosen, and what there is to choose from. */
export function useOutput(output: () => Output | null) {
  const found = shallowRef<Loudspeaker[]>([])
  /** What is used now; the chosen one may be unplugged. */
  const used = shallowRef('')
  const missing = computed(() => loudspeaker.value !== null && used.value !== loudspeaker.value.id)

  /** Browsers tell names only after the microphone was allowed once. */
  async function look(): Promise<void> {
    const all =
      (await devices()
        ?.enumerateDevices()
        .catch(() => [])) ?? []
    found.value = all
      .filter(({ kind, deviceId, label }) => kind === 'audiooutput' && deviceId && label)
      .filter(({ deviceId }) => deviceId !== 'default' && deviceId !== 'communications')
      .map(({ deviceId, label }) => ({ id: deviceId, name: label }))
  }

  async function apply(): Promise<void> {
    const [to, now] = [loudspeaker.value, output()]
    if (!now) return
    try {
      const got = await now.use(to)
      used.value = got?.id ?? ''
      if (got && got.id !== to?.id) loudspeaker.value = got
      if (got && !found.value.some(({ id }) => id === got.id)) await look()
    } catch (error) {
      used.value = ''
      await now.use(null).catch(() => undefined)
      if (error instanceof DOMException && error.name === 'InvalidStateError') atNextTouch()
      else if (to)
        tell(`${to.name} is not there. The sound comes from the system's own loudspeaker.`, { look: 'bad' })
    }
  }

  const touched = () => {
    for (const touch of TOUCHES) window.removeEventListener(touch, touched, { capture: true })
    void apply()
  }
  function atNextTouch(): void {
    for (const touch of TOUCHES) window.addEventListener(touch, touched, { capture: true })
  }

  /** Asks the browser for the names of loudspeakers. Nothing is recorded: the microphone is let go at once. */
  async function name(): Promise<void> {
    const choose = devices()
    if (choose?.selectAudioOutput) {
      const { deviceId, label } = await choose.selectAudioOutput()
      loudspeaker.value = { id: deviceId, name: label }
    } else {
      const stream = await choose?.getUserMedia({ audio: true })
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    await look()
  }

  async function plugged(): Promise<void> {
    const before = found.value
    await look()
    const chosen = loudspeaker.value
    if (!chosen) return
    const is = found.value.some(({ id }) => id === chosen.id)
    const was = before.some(({ id }) => id === chosen.id)
    // What was unplugged and is there again is used again.
    if (is !== was || (is && missing.value)) await apply()
  }

  devices()?.addEventListener('devicechange', plugged)
  onScopeDispose(() => {
    devices()?.removeEventListener('devicechange', plugged)
    for (const touch of TOUCHES) window.removeEventListener(touch, touched, { capture: true })
  })
  watch(loudspeaker, apply)
  void look()
  return { found, missing, look, name, apply }
}
