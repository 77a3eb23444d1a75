import { watch } from 'vue'
import { listOpen, notifications, type Told } from '@/core/notifications'

/**
 * What came while the page is open, newest last; not what was there before, what is a matter of the banner, nor what the
 * open list shows anyway.
 */
export function arrived(before: Told[] | null, now: Told[] | null): Told[] {
  if (!before || !now) return []
  const last = Math.max(0, ...before.map(({ id }) => id))
  return now
    .filter((told) => told.id > last && told.read_at === null && told.kind !== 'plan.reminder')
    .sort((a, b) => a.id - b.id)
}

export function onArrival(tell: (told: Told) => void): void {
  watch(notifications, (now, before) => {
    if (!listOpen.value) for (const told of arrived(before, now)) tell(told)
  })
}
