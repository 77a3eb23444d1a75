import type { StudyAlarm, StudySnapshot, StudyTimer, StudyTodo } from '@/contract'

/** Things of a room for tests. */
export const timer = (has: Partial<StudyTimer> = {}): StudyTimer => ({
  scope: 'room',
  phase: 'focus',
  state: 'ready',
  ends_at: null,
  remaining_ms: 1_500_000,
  length_ms: 1_500_000,
  cycle: 0,
  lengths: {
    focus_ms: 1_500_000,
    short_ms: 300_000,
    long_ms: 900_000,
    cycles: 4,
    breaks: true,
    auto_start: false,
  },
  revision: 0,
  rang: null,
  ...has,
})

export const todo = (n: number, has: Partial<StudyTodo> = {}): StudyTodo => ({
  id: `t${n}`,
  list: 'mine',
  text: `To-do ${n}`,
  place: n,
  due: null,
  assignee: null,
  by: null,
  done_at: null,
  done_by: null,
  created_at: n,
  ...has,
})

export const alarm = (n: number, has: Partial<StudyAlarm> = {}): StudyAlarm => ({
  id: `a${n}`,
  label: '',
  day: '2030-01-01',
  time: '09:00',
  zone: 'UTC',
  rings_at: n * 1000,
  state: 'set',
  late_ms: 0,
  snoozed: false,
  by: null,
  ...has,
})

export const studyState = (has: Partial<StudySnapshot> = {}): StudySnapshot => ({
  settings: { control: 'everyone', mood: 'dawn', announce: true },
  timer: timer(),
  lists: [],
  todos: [],
  alarms: [],
  own: {
    timer: timer({ scope: 'mine' }),
    lists: [],
    todos: [],
    alarms: [],
    part: { on: false, board: false, zone: 'UTC', records: 0 },
  },
  ...has,
})
