/** Sounds that are made here: no file, no licence. */
export const SOUNDS = [
  { id: 'bell', title: 'Bell' },
  { id: 'bowl', title: 'Singing bowl' },
  { id: 'chime', title: 'Chimes' },
  { id: 'marimba', title: 'Marimba' },
  { id: 'birds', title: 'Birds' },
  { id: 'wood', title: 'Wood block' },
  { id: 'watch', title: 'Watch' },
  { id: 'none', title: 'None' },
] as const
export type RingSound = (typeof SOUNDS)[number]['id']

/** One tone: how high, from when, how long until it is gone, how loud, and how high at its end. */
export interface Tone {
  pitch: number
  start: number
  length: number
  share: number
  wave?: OscillatorType
  to?: number
  /** How soon it is there: struck or blown. */
  rise?: number
}

/** What is struck sounds of many tones that fit into each other only roughly, the high ones gone sooner. */
const struck = (
  pitch: number,
  start: number,
  length: number,
  parts: [times: number, share: number][],
): Tone[] =>
  parts.map(([times, share]) => ({
    pitch: pitch * times,
    start,
    length: length / (0.55 + times * 0.45),
    share,
  }))

const BELL: [number, number][] = [
  [0.5, 0.5],
  [1, 1],
  [1.19, 0.5],
  [1.5, 0.32],
  [2, 0.5],
  [2.74, 0.22],
  [3.76, 0.14],
]
const BOWL: [number, number][] = [
  [1, 1],
  [1.007, 0.7],
  [2.71, 0.42],
  [2.73, 0.3],
  [5.12, 0.14],
]
const BAR: [number, number][] = [
  [1, 1],
  [3.93, 0.22],
  [9.2, 0.06],
]
const TUBE: [number, number][] = [
  [1, 1],
  [2.76, 0.3],
  [5.4, 0.12],
]

const birds = (): Tone[] =>
  [0, 0.16, 0.3, 0.86, 1, 1.12, 1.24, 1.9, 2.06].map((start, n) => ({
    pitch: [2350, 2900, 2600, 3300, 2800, 3300, 2700, 2450, 3000][n]!,
    to: [3100, 2300, 3250, 2500, 3500, 2600, 3300, 3200, 2350][n]!,
    start,
    length: 0.15,
    share: 0.6,
    rise: 0.03,
  }))

const TONES: Record<Exclude<RingSound, 'none'>, () => Tone[]> = {
  bell: () => [...struck(523.3, 0, 2.6, BELL), ...struck(523.3, 1.5, 3.2, BELL)],
  bowl: () => struck(196, 0, 6.5, BOWL).map((tone) => ({ ...tone, rise: 0.05 })),
  chime: () =>
    [659.3, 784, 880, 1046.5, 1318.5, 880].flatMap((pitch, n) => struck(pitch, n * 0.21, 2.2, TUBE)),
  marimba: () =>
    [392, 523.3, 659.3, 523.3, 659.3, 784, 1046.5].flatMap((pitch, n) =>
      struck(pitch, n * 0.17, n === 6 ? 1.1 : 0.7, BAR),
    ),
  birds,
  wood: () =>
    [0, 0.2, 0.4, 1.2, 1.4, 1.6].flatMap((start, n) =>
      struck(n % 3 === 2 ? 880 : 660, start, 0.16, [
        [1, 1],
        [2.42, 0.5],
        [4.1, 0.25],
      ]),
    ),
  watch: () =>
    [0, 0.13, 0.26, 0.39, 1, 1.13, 1.26, 1.39].map((start) => ({
      pitch: 2048,
      start,
      length: 0.075,
      share: 0.5,
      wave: 'triangle',
      rise: 0.004,
    })),
}

export const tonesOf = (sound: RingSound): Tone[] => (sound === 'none' ? [] : TONES[sound]())
/** How long a sound goes on, in seconds. */
export const lastsFor = (sound: RingSound): number =>
  Math.max(0, ...tonesOf(sound).map(({ start, length }) => start + length))
