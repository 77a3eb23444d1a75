import { computed, ref, shallowRef, watch } from 'vue'
import { callBackground, callQuiet } from '@/core/device'
import { cameraProcessor, microphoneProcessor, type Processed } from '../engine/processors'
import type { Backgrounds } from './camera'
import { forgetOwn, keepOwn, loadOwn } from './own'
import { isBackground, type Background, type BackgroundHealth, type QuietState } from './types'

/**
 * What is done to one's own picture and sound before anybody gets them. It is chosen here, remembered on the device, and hung into the
 * engine's two places for it; what does the work is loaded when it is used first.
 */

const OFF: BackgroundHealth = { state: 'off', rate: 0, height: 0 }

/** What stands behind one. */
export const background = computed<Background>({
  get: () => (isBackground(callBackground.value) ? callBackground.value : 'none'),
  set: (value) => (callBackground.value = value),
})
export const health = shallowRef<BackgroundHealth>(OFF)
/** Noise is taken from the microphone. */
export const quiet = callQuiet
export const quietState = ref<QuietState>('off')
/** A picture of one's own, if there is one. */
export const own = shallowRef<Blob | null>(null)

/** Whether this browser has what it takes; it may still turn out to be too slow. */
export const canHide = () =>
  typeof OffscreenCanvas === 'function' &&
  typeof WebAssembly === 'object' &&
  typeof HTMLCanvasElement.prototype.captureStream === 'function'
export const canQuiet = () => typeof AudioWorkletNode === 'function' && typeof WebAssembly === 'object'

let backgrounds: Backgrounds | null = null
let looked: Promise<void> | null = null

/** Looks for the picture of one's own, once. */
export function lookForOwn(): Promise<void> {
  looked ??= loadOwn().then((found) => {
    own.value ??= found
  })
  return looked
}

async function processCamera(camera: MediaStreamTrack): Promise<Processed> {
  const fresh = health.value.state === 'failed'
  if (fresh) backgrounds?.close()
  health.value = { ...OFF, state: 'loading' }
  try {
    const [{ Backgrounds }] = await Promise.all([
      import('./camera'),
      background.value === 'own' ? lookForOwn() : undefined,
    ])
    backgrounds ??= new Backgrounds((now) => (health.value = now))
    await backgrounds.use(background.value, own.value)
    return await backgrounds.process(camera)
  } catch (error) {
    health.value = { ...OFF, state: 'failed' }
    throw error
  }
}

async function processMicrophone(microphone: MediaStreamTrack): Promise<Processed> {
  const broken = () => {
    quietState.value = 'failed'
    // The plain sound goes on at once, rather than none.
    microphoneProcessor.value = null
  }
  quietState.value = 'loading'
  try {
    const made = await import('./microphone').then((part) => part.processMicrophone(microphone, broken))
    quietState.value = 'on'
    return made
  } catch (error) {
    quietState.value = 'failed'
    throw error
  }
}

watch(
  () => background.value !== 'none',
  (wanted) => {
    cameraProcessor.value = wanted ? processCamera : null
    if (wanted) return
    backgrounds?.close()
    health.value = OFF
  },
  { immediate: true },
)
watch([background, own], () => {
  if (background.value !== 'none') void backgrounds?.use(background.value, own.value)
})
watch(
  quiet,
  (wanted) => {
    microphoneProcessor.value = wanted ? processMicrophone : null
    if (!wanted) quietState.value = 'off'
  },
  { immediate: true },
)

/** Takes a picture of one's own and puts it behind one; rejects what is none. */
export async function useOwn(file: Blob): Promise<void> {
  own.value = await keepOwn(file)
  background.value = 'own'
}

export async function dropOwn(): Promise<void> {
  if (background.value === 'own') background.value = 'strong'
  own.value = null
  await forgetOwn()
}

/** One peer's report says it for so long: the others are asked at other moments. */
const SAID_FOR_MS = 3_000
let pressedUntil = 0

/** What connections report of themselves: when their encoders are short of time, backgrounds give way first. */
export function heedEncoders(report: Iterable<[string, unknown]>, now: number): void {
  for (const [, row] of report) {
    const { type, qualityLimitationReason } = row as { type?: string; qualityLimitationReason?: string }
    if (type === 'outbound-rtp' && qualityLimitationReason === 'cpu') pressedUntil = now + SAID_FOR_MS
  }
  backgrounds?.press(now < pressedUntil)
}
