import { onScopeDispose, ref, type Ref } from 'vue'
import { planClock } from '@/core/plans'

const now = ref(planClock.now())
let watchers = 0
let clock: ReturnType<typeof setTimeout> | undefined

/** On the second of the server's clock, so that all countdowns of a page go on at the same moment. */
function tick(): void {
  now.value = planClock.now()
  clock = setTimeout(tick, 1000 - (now.value % 1000))
}

/** The server's clock, going on each second as long as somebody looks at it. */
export function useNow(): Readonly<Ref<number>> {
  if (watchers++ === 0) tick()
  onScopeDispose(() => {
    if (--watchers === 0) clearTimeout(clock)
  })
  return now
}
