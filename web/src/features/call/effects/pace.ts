/**
 * How large and how often pictures with a background are made. A pure controller: once a second it is told what that
 * second took, and it says how the next one goes. It steps down soon, and up seldom, more seldom each time that was wrong.
 */

export interface Step {
  /** Of the pictures that go out, at most. */
  readonly height: number
  /** Pictures a second, at most. */
  readonly rate: number
}

/**
 * Each picture gets an outline of its own: with that of an earlier one, whoever moves would show the room they hide.
 */
export const STEPS: readonly Step[] = [
  { height: 720, rate: 30 },
  { height: 720, rate: 20 },
  { height: 480, rate: 20 },
  { height: 480, rate: 15 },
  { height: 360, rate: 10 },
  { height: 240, rate: 6 },
]

export interface Second {
  /** Pictures that went out. */
  readonly done: number
  /** Pictures a second that the camera gives. */
  readonly camera: number
  /** How high they come from it. */
  readonly cameraHeight: number
  /** Part of the second that was worked, 0 to 1. */
  readonly busy: number
  /** Milliseconds of one outline, and of putting one picture together. */
  readonly outlineMs: number
  readonly pictureMs: number
  /** The call itself is short of time: its encoder has said so. */
  readonly pressed: boolean
}

export interface Pace {
  readonly step: number
  /** Seconds in a row that were too much, and that left room for more. */
  readonly hard: number
  readonly easy: number
  /** So many easy seconds are wanted before the next step up. */
  readonly patience: number
  /** Seconds since the last step up: one that fails soon after was a mistake. */
  readonly sinceUp: number
  /** Too slow at the last step too. */
  readonly struggling: boolean
}

const PATIENCE = 15
const PATIENCE_MOST = 240
const MISTAKE_WITHIN = 20
const TOO_BUSY = 0.8
const HOPELESS = 0.95
const ROOM_FOR_MORE = 0.55
const TOO_HARD_FOR = 2
const STRUGGLES_AFTER = 5
const WELL_AGAIN_AFTER = 10

export const BEGIN: Pace = {
  step: 0,
  hard: 0,
  easy: 0,
  patience: PATIENCE,
  sinceUp: Infinity,
  struggling: false,
}

export const stepOf = (pace: Pace): Step => STEPS[pace.step]!

/** Was that too much? Being slow because the camera is slow is not. */
function overloaded(second: Second, step: Step): boolean {
  const wanted = Math.min(step.rate, second.camera)
  return second.pressed || second.busy > TOO_BUSY || (second.busy > 0.5 && second.done < wanted * 0.75)
}

/** How busy it would be with a step, by what the parts of a picture took with the one there is. */
export function predicted(second: Second, now: Step, next: Step): number {
  const rate = Math.min(next.rate, second.camera)
  const height = (step: Step) => Math.min(step.height, second.cameraHeight)
  const area = (height(next) / height(now)) ** 2
  return (rate * (second.outlineMs + second.pictureMs * area)) / 1000
}

function down(pace: Pace): Pace {
  const mistake = pace.sinceUp <= MISTAKE_WITHIN
  const patience = mistake ? Math.min(PATIENCE_MOST, pace.patience * 2) : pace.patience
  return { ...pace, step: pace.step + 1, hard: 0, easy: 0, patience, sinceUp: Infinity }
}

function afterHard(pace: Pace, second: Second): Pace {
  const hard = pace.hard + 1
  const enough = hard >= TOO_HARD_FOR || second.busy > HOPELESS
  if (pace.step < STEPS.length - 1) return enough ? down(pace) : { ...pace, hard, easy: 0 }
  return { ...pace, hard, easy: 0, struggling: pace.struggling || hard >= STRUGGLES_AFTER }
}

function afterEasy(pace: Pace, second: Second): Pace {
  const above = STEPS[pace.step - 1]
  const room = above !== undefined && predicted(second, stepOf(pace), above) < ROOM_FOR_MORE
  const easy = pace.easy + 1
  const struggling = pace.struggling && easy < WELL_AGAIN_AFTER
  if (room && easy >= pace.patience)
    return { ...pace, step: pace.step - 1, hard: 0, easy: 0, sinceUp: 0, struggling: false }
  // Without room above, waiting does not count towards it.
  return { ...pace, hard: 0, easy: room || pace.struggling ? easy : 0, struggling }
}

/** The next second's pace. A second without any picture (a camera that is paused) says nothing. */
export function paced(before: Pace, second: Second): Pace {
  if (second.done === 0 && second.busy < TOO_BUSY) return before
  const pace = { ...before, sinceUp: before.sinceUp + 1 }
  return overloaded(second, stepOf(pace)) ? afterHard(pace, second) : afterEasy(pace, second)
}
