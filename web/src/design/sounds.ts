import { shallowRef } from 'vue'
import { soundOn } from '@/core/device'

/** Tones in place of files: [frequency in Hz, start in s, length in s]. All from one pentatonic row, so that two at once still agree. */
const TONES = {
  join: [
    [392, 0, 0.16],
    [587.3, 0.09, 0.22],
  ],
  message: [[880, 0, 0.1]],
  mention: [
    [659.3, 0, 0.14],
    [880, 0.1, 0.26],
  ],
  knock: [
    [220, 0, 0.09],
    [220, 0.17, 0.09],
    [293.7, 0.34, 0.16],
  ],
  ring: [
    [440, 0, 0.18],
    [587.3, 0.16, 0.18],
    [880, 0.32, 0.4],
  ],
} satisfies Record<string, [number, number, number][]>

export type Sound = keyof typeof TONES
const LOUDNESS = 0.09

/** No sound is longer. */
const LONGEST_MS = 8_000

let audio: AudioContext | null = null
let hushed = false
let sparing = false
let resting = false
let rests: ReturnType<typeof setTimeout> | undefined
/** Whether the browser lets the page sound. */
export const awake = shallowRef(false)

/** Lets the page sound from now on; to be called while the person touches it. */
export function wakeSounds(): void {
  if (!audio && typeof AudioContext === 'function') {
    audio = new AudioContext()
    const look = () => (awake.value = resting || audio?.state === 'running')
    audio.addEventListener('statechange', look)
    look()
  }
  void audio?.resume()
}

/** Where other sounds of the page are made; null while it may not sound: before the first touch, or while somebody speaks here. */
export function audible(): AudioContext | null {
  if (hushed || !audio || (audio.state !== 'running' && !resting)) return null
  if (resting) {
    resting = false
    void audio.resume()
  }
  restSoon()
  return audio
}

/** Silence is made as often a second as sound is. While a call needs the machine, it is made only when there is something to hear. */
export function spare(on: boolean): void {
  if (on === sparing) return
  sparing = on
  if (on) return restSoon()
  clearTimeout(rests)
  if (resting) void audio?.resume()
  resting = false
}

function restSoon(): void {
  clearTimeout(rests)
  if (!sparing) return
  rests = setTimeout(() => {
    if (audio?.state !== 'running') return
    resting = true
    void audio.suspend()
  }, LONGEST_MS)
}

/** Browsers let a page sound only after the person has touched it. */
export function unlockSounds(): void {
  for (const gesture of ['pointerdown', 'keydown']) {
    window.addEventListener(gesture, wakeSounds, { once: true, capture: true })
  }
}

/** While somebody speaks on this device nothing sounds on it: the hall would hear it. */
export function hush(on: boolean): void {
  hushed = on
}

export function play(sound: Sound): void {
  const now = soundOn.value ? audible() : null
  if (!now) return
  for (const [pitch, start, length] of TONES[sound]) tone(now, pitch, now.currentTime + start, length)
}

/** A soft wooden tone: a sine with a little of its octave, quickly there and slowly gone. */
function tone(context: AudioContext, pitch: number, at: number, length: number): void {
  const volume = context.createGain()
  volume.gain.setValueAtTime(0.0001, at)
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.012)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + length + 0.12)
  volume.connect(context.destination)
  for (const [times, share] of [
    [1, 1],
    [2, 0.18],
  ] as const) {
    const wave = context.createOscillator()
    const part = context.createGain()
    wave.frequency.value = pitch * times
    part.gain.value = share
    wave.connect(part).connect(volume)
    wave.start(at)
    wave.stop(at + length + 0.15)
  }
}
