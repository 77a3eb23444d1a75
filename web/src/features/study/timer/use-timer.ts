import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import type { StudyControlTimer, StudySetLengths, StudyTimer } from '@/contract'
import { serverNow, timeChanged } from '../clock/server-time'
import { done, useStudy } from '../use-study'
import { digits, PHASES, remaining, secondsLeft, spoken, untilNext } from './timer'

export type Act = StudyControlTimer['act']

/** Whole seconds of a timer, new at the moment when the server's clock passes each. */
export function useSeconds(timer: Readonly<Ref<StudyTimer | undefined>>): Readonly<Ref<number>> {
  const seconds = ref(0)
  let clock: ReturnType<typeof setTimeout> | undefined

  function look(): void {
    clearTimeout(clock)
    if (!timer.value) return
    const left = remaining(timer.value, serverNow())
    seconds.value = secondsLeft(left)
    const wait = untilNext(left)
    if (timer.value.state === 'running' && wait !== Infinity) clock = setTimeout(look, Math.max(4, wait))
  }
  watch([timer, timeChanged], look, { immediate: true })
  // Behind other pages timers come late.
  const seen = () => document.hidden || look()
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    clearTimeout(clock)
    document.removeEventListener('visibilitychange', seen)
  })
  return seconds
}

/** The room's timer or one's own, as it is shown and worked. */
export function useTimer(scope: Readonly<Ref<'room' | 'mine'>>) {
  const { room, state, mayWork, whyNot, live } = useStudy()
  const timer = computed(() => (scope.value === 'room' ? state.value?.timer : state.value?.own.timer))
  const seconds = useSeconds(timer)
  const running = computed(() => timer.value?.state === 'running')
  const phase = computed(() => {
    const now = timer.value
    if (!now) return ''
    return now.lengths.breaks ? PHASES[now.phase] : now.state === 'over' ? 'Time is up' : 'Timer'
  })
  const may = computed(() => live.value && (scope.value === 'mine' || mayWork.value))
  const why = computed(() => {
    if (!live.value) return 'The connection is lost. The timer goes on; it can be worked when it is back.'
    return scope.value === 'mine' ? '' : whyNot.value
  })
  /** From 1 to 0. It moves on with the seconds, each of them evenly. */
  const share = computed(() => {
    const now = timer.value
    if (!now || now.length_ms <= 0) return 0
    const shown = running.value ? seconds.value - 1 : seconds.value
    return Math.min(1, Math.max(0, (shown * 1000) / now.length_ms))
  })

  return {
    timer,
    seconds,
    running,
    phase,
    share,
    may,
    why,
    text: computed(() => digits(seconds.value)),
    said: computed(() => `${phase.value}, ${spoken(seconds.value)} left`),
    act: (act: Act) =>
      done(room.send('study.timer', { scope: scope.value, revision: timer.value?.revision ?? 0, act })),
    setLengths: (lengths: Omit<StudySetLengths, 'scope' | 'revision'>) =>
      done(
        room.send('study.lengths', {
          scope: scope.value,
          revision: timer.value?.revision ?? 0,
          ...lengths,
        }),
      ),
  }
}
