import { computed } from 'vue'
import type { StudyAlarm, StudySetAlarm } from '@/contract'
import { useRoom } from '@/core/room'
import { done, useStudy } from '../use-study'

export interface ShownAlarm extends StudyAlarm {
  scope: 'room' | 'mine'
}

/** All alarms that concern this person, in the order in which they ring. */
export function useAlarms() {
  const room = useRoom()
  const { state, mayWork } = useStudy()
  const alarms = computed<ShownAlarm[]>(() => {
    const now = state.value
    if (!now) return []
    const all = [
      ...now.alarms.map((one) => ({ ...one, scope: 'room' as const })),
      ...now.own.alarms.map((one) => ({ ...one, scope: 'mine' as const })),
    ]
    return all.sort((a, b) => a.rings_at - b.rings_at)
  })
  return {
    alarms,
    may: (alarm: ShownAlarm) => alarm.scope === 'mine' || mayWork.value,
    set: (alarm: StudySetAlarm) => room.send('study.set_alarm', alarm),
    snooze: (alarm: string, minutes: number) => done(room.send('study.snooze', { alarm, minutes })),
    drop: (alarm: string) => done(room.send('study.drop_alarm', { alarm })),
  }
}
