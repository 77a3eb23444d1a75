import { computed } from 'vue'
import { remembered } from '@/core/device'
import { dark } from '@/design/mode'
import { MOODS, type MoodName } from './moods/names'
import { SOUNDS, type RingSound } from './ring/sounds'

type Choice<T extends string> = (value: unknown) => value is T
const oneOf = <T extends string>(choices: readonly T[]): Choice<T> =>
  ((value: unknown) => choices.includes(value as T)) as Choice<T>
const isSwitch = (value: unknown): value is boolean => typeof value === 'boolean'

/** Which timer is in front on this device. */
export const timerScope = remembered<'room' | 'mine'>('study.timer', 'room', oneOf(['room', 'mine']))
export const todoScope = remembered<'room' | 'mine'>('study.todos', 'mine', oneOf(['room', 'mine']))
export const ringSound = remembered<RingSound>('study.sound', 'bell', oneOf(SOUNDS.map(({ id }) => id)))
export const ringVolume = remembered<number>(
  'study.volume',
  70,
  (value): value is number => typeof value === 'number' && value >= 0 && value <= 100,
)
export const showDone = remembered('study.done', true, isSwitch)
/** Single keys in the focus view: some people's software types them by accident. */
export const focusKeys = remembered('study.keys', true, isSwitch)
export const hours = remembered<'local' | '12' | '24'>('study.hours', 'local', oneOf(['local', '12', '24']))
/** A background of one's own, or the room's. */
export const ownMood = remembered<'room' | MoodName>(
  'study.mood',
  'room',
  oneOf(['room', ...MOODS.map(({ id }) => id)]),
)
/** Day or night of the page: pictures follow it. */
export const pictureMode = computed(() => (dark.value ? 'dark' : 'light'))
