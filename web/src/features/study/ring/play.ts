import { soundOn } from '@/core/device'
import { audible } from '@/design/sounds'
import { tonesOf, type RingSound, type Tone } from './sounds'

/** All tones of one sound together stay below what a loudspeaker can. */
const LOUDEST = 0.55

function sound(audio: AudioContext, tone: Tone, into: AudioNode, from: number, share: number): void {
  const { pitch, to = pitch, length, wave = 'sine', rise = 0.006 } = tone
  const at = from + tone.start
  const volume = audio.createGain()
  volume.gain.setValueAtTime(0.0001, at)
  volume.gain.exponentialRampToValueAtTime(Math.max(0.0002, tone.share * share), at + rise)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + rise + length)
  volume.connect(into)
  const source = audio.createOscillator()
  source.type = wave
  source.frequency.setValueAtTime(pitch, at)
  if (to !== pitch) source.frequency.linearRampToValueAtTime(to, at + length)
  source.connect(volume)
  source.start(at)
  source.stop(at + rise + length + 0.05)
}

/**
 * Sounds once, by a volume of 0 to 100, and gives back what ends it; null when the page may not sound now. The preview
 * (`always`) is heard with sounds switched off as well: somebody asked for it.
 */
export function playRing(name: RingSound, volume: number, always = false): (() => void) | null {
  const audio = soundOn.value || always ? audible() : null
  const tones = tonesOf(name)
  if (!audio || tones.length === 0 || volume <= 0) return null
  const all = audio.createGain()
  // Loudness is felt by its square.
  all.gain.value = (volume / 100) ** 2 * LOUDEST
  all.connect(audio.destination)
  const together = Math.max(...tones.map((one) => tones.filter((other) => overlap(one, other)).length))
  for (const tone of tones) sound(audio, tone, all, audio.currentTime + 0.02, 1 / Math.sqrt(together))
  return () => {
    all.gain.setTargetAtTime(0, audio.currentTime, 0.05)
    setTimeout(() => all.disconnect(), 400)
  }
}

const overlap = (one: Tone, other: Tone) =>
  one.start >= other.start && one.start < other.start + other.length / 3
