import type { StudyAlarm, StudySnapshot, StudyTimer } from '@/contract'
import { PHASES, type Phase } from '../timer/timer'
import type { Due } from './due'

/** What rings: the end of a phase, or an alarm. */
export interface Ring extends Due {
  kind: 'timer' | 'alarm'
  scope: 'room' | 'mine'
  title: string
  /** Of an alarm. */
  alarm?: string
}

export const overText = (phase: Phase): string =>
  phase === 'focus' ? 'Focus is over' : `${PHASES[phase]} is over`

const ofTimer = ({ scope }: StudyTimer, phase: Phase, at: number): Ring => ({
  key: `timer ${scope} ${at}`,
  at,
  kind: 'timer',
  scope,
  title: overText(phase),
})

const ofAlarm = ({ id, rings_at, label, time }: StudyAlarm, scope: Ring['scope']): Ring => ({
  key: `alarm ${id} ${rings_at}`,
  at: rings_at,
  kind: 'alarm',
  scope,
  title: label || `It is ${time}`,
  alarm: id,
})

const timers = (state: StudySnapshot) => [state.timer, state.own.timer]
const alarms = (state: StudySnapshot): [StudyAlarm, Ring['scope']][] => [
  ...state.alarms.map((one): [StudyAlarm, Ring['scope']] => [one, 'room']),
  ...state.own.alarms.map((one): [StudyAlarm, Ring['scope']] => [one, 'mine']),
]

/** What is going to ring. */
export const duesOf = (state: StudySnapshot): Ring[] => [
  ...timers(state)
    .filter(({ state: now, ends_at }) => now === 'running' && ends_at !== null)
    .map((timer) => ofTimer(timer, timer.phase, timer.ends_at!)),
  ...alarms(state)
    .filter(([one]) => one.state === 'set')
    .map(([one, scope]) => ofAlarm(one, scope)),
]

/** What the server says has rung. By the same names: whoever has heard it need not hear it again. */
export const rungOf = (state: StudySnapshot): Ring[] => [
  ...timers(state)
    .filter(({ rang }) => rang !== null)
    .map((timer) => ofTimer(timer, timer.rang!.phase, timer.rang!.at)),
  ...alarms(state)
    .filter(([one]) => one.state === 'rang')
    .map(([one, scope]) => ofAlarm(one, scope)),
]

/** From when on it is said how late it is. */
export const LATE_MS = 30_000
