import { shallowRef, watch } from 'vue'
import type { StudyBoard, StudyStatistics } from '@/contract'
import { useRoom } from '@/core/room'
import { useStudy } from '../use-study'

/** One's own record and the room's board, asked for anew when there is something new. */
export function useStatistics(shown: () => boolean) {
  const room = useRoom()
  const { state } = useStudy()
  const own = shallowRef<StudyStatistics | null>(null)
  const board = shallowRef<StudyBoard | null>(null)
  const failed = shallowRef(false)

  async function look(): Promise<void> {
    try {
      ;[own.value, board.value] = await Promise.all([
        room.ask('study.statistics', { days: 7 }),
        room.ask('study.board', {}),
      ])
      failed.value = false
    } catch {
      failed.value = true
    }
  }
  watch(
    [
      shown,
      () => state.value?.own.part.on,
      () => state.value?.own.part.board,
      () => state.value?.own.part.records,
      () => state.value?.own.part.zone,
      // What others have worked stands on the board.
      () => state.value?.timer.rang?.at,
      () => room.generation,
    ],
    () => shown() && void look(),
    { immediate: true },
  )
  return { own, board, failed, look }
}
