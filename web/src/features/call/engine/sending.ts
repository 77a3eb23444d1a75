import type { CallSettings } from '@/contract'

/** What a sender is set to, for one receiver. */
export interface Sending {
  readonly active: boolean
  /** The picture is made so many times smaller, each way. */
  readonly scale: number
  readonly maxBitrate: number
  readonly maxFramerate: number
}

export interface Source {
  readonly width: number
  readonly height: number
}

interface Size {
  readonly height: number
  readonly fps: number
  readonly kbps: number
}

/** How large a camera may be sent; each is enough for a tile of its height. */
export const SIZES: readonly Size[] = [
  { height: 90, fps: 8, kbps: 60 },
  { height: 180, fps: 20, kbps: 170 },
  { height: 270, fps: 24, kbps: 320 },
  { height: 360, fps: 30, kbps: 550 },
  { height: 540, fps: 30, kbps: 1_100 },
  { height: 720, fps: 30, kbps: 1_900 },
]
const SMALLEST = SIZES[0]!
/** One page sends to each of the others apart: the more there are, the smaller. The number of receivers it holds up to. */
const CAPS: readonly (readonly [receivers: number, height: number])[] = [
  [1, 720],
  [3, 540],
  [5, 360],
  [Infinity, 270],
]
/** A tile that is hardly larger does not need the next size. */
const NEARLY = 1.15
/** Of those that have never told how large their tile is. */
export const UNTOLD: readonly [number, number] = [320, 180]

export type Tight = 'free' | 'small' | 'paused'

function capOf(pictures: CallSettings['pictures'], receivers: number): number {
  if (pictures === 'high') return 720
  if (pictures === 'low') return 360
  if (pictures === 'smallest') return SMALLEST.height
  return CAPS.find(([most]) => receivers <= most)![1]
}

/** So many pictures a second are left, however short of time a device is. */
const FEWEST = 2

/**
 * How the camera goes to one receiver: as their tile needs it, within what the room allows and the line carries. `share`: the
 * part of its pictures a second that this device has time for.
 */
export function cameraFor(
  pictures: CallSettings['pictures'],
  wanted: readonly [number, number] | null,
  source: Source,
  receivers: number,
  tight: Tight,
  share = 1,
): Sending {
  const cap = tight === 'free' ? capOf(pictures, receivers) : SMALLEST.height
  // High is for rooms in which pictures count: as large as can be, whatever the tiles are.
  const need = pictures === 'high' ? Infinity : Math.max(1, wanted?.[1] ?? 1, ((wanted?.[0] ?? 1) * 9) / 16)
  const fitting = SIZES.find(({ height }) => height * NEARLY >= need) ?? SIZES.at(-1)!
  const size = fitting.height <= cap ? fitting : SIZES.findLast(({ height }) => height <= cap)!
  const fps = pictures === 'low' ? Math.min(size.fps, 15) : size.fps
  return {
    active: wanted !== null && tight !== 'paused',
    scale: Math.max(1, Math.min(source.width, source.height) / size.height),
    maxBitrate: size.kbps * 1_000,
    maxFramerate: Math.max(FEWEST, fps * share),
  }
}

const SCREEN_KBPS = 2_500
/** Text that is shrunk cannot be read: at most by a half, for those who have it in a small tile. */
const SCREEN_SCALE = 2

/** A shared screen: every letter is to be readable, so sooner fewer pictures a second than smaller ones. */
export function screenFor(
  wanted: readonly [number, number] | null,
  source: Source,
  receivers: number,
  tight: Tight,
): Sending {
  const need = Math.max(wanted?.[1] ?? 1, 1)
  const small = source.height / need >= 3
  return {
    active: wanted !== null,
    scale: small ? SCREEN_SCALE : 1,
    maxBitrate: ((small ? 0.5 : 1) * SCREEN_KBPS * 1_000) / (receivers > 3 ? 2 : 1),
    maxFramerate: tight === 'free' ? (small ? 10 : 30) : 5,
  }
}

const SMALL_KBPS = 150
const PAUSE_KBPS = 75
const FREE_KBPS = 260
const PATIENCE_MS = 3_000
/** Nothing but sound flows then, and that is all that can be measured: from time to time the smallest picture is tried. */
const TRY_MS = 10_000
const LONGEST_TRY_MS = 60_000

/**
 * Sound goes first: when congestion control says that a line is narrow for some time, the camera gets small, then pauses. Time is passed
 * in, in milliseconds.
 */
export class Narrow {
  state: Tight = 'free'
  private since: number | null = null
  private changed = 0
  private tries = 0

  look(canSendKbps: number | null, loss: number | null, now: number): Tight {
    if (this.state === 'paused') {
      if (now - this.changed >= Math.min(TRY_MS * 2 ** (this.tries - 1), LONGEST_TRY_MS))
        this.become('small', now)
      return this.state
    }
    if (canSendKbps === null) return this.state
    const drowning = canSendKbps < PAUSE_KBPS || (loss ?? 0) > 0.3
    const to: Tight =
      this.state === 'small'
        ? drowning
          ? 'paused'
          : canSendKbps > FREE_KBPS
            ? 'free'
            : 'small'
        : canSendKbps < SMALL_KBPS
          ? 'small'
          : 'free'
    if (to === this.state) this.since = null
    else {
      this.since ??= now
      if (now - this.since >= PATIENCE_MS) this.become(to, now)
    }
    return this.state
  }

  private become(to: Tight, now: number): void {
    this.tries = to === 'paused' ? this.tries + 1 : to === 'free' ? 0 : this.tries
    this.state = to
    this.changed = now
    this.since = null
  }
}
