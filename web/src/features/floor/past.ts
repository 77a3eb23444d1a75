import { computed, ref, watch } from 'vue'
import type { FloorPastItem } from '@/contract'
import { useRoom } from '@/core/room'
import { tellError } from '@/design/toasts'

/** The folded state keeps this many; what was before is asked for. */
const PAGE = 50

/** What was answered, newest first, and further back when somebody wants it. */
export function usePast() {
  const room = useRoom()
  const older = ref<FloorPastItem[]>([])
  const more = ref(true)
  const busy = ref(false)
  const newest = computed(() => room.state.floor?.past ?? [])
  const items = computed(() => {
    const known = new Set(newest.value.map(({ id }) => id))
    return [...newest.value, ...older.value.filter(({ id }) => !known.has(id))]
  })
  // With less than a page there is nothing before it.
  const mayLoad = computed(() => items.value.length >= PAGE && more.value)

  async function load(): Promise<void> {
    const last = items.value.at(-1)
    if (!last || busy.value) return
    busy.value = true
    try {
      const page = await room.ask('floor.history', { before: last.id, limit: PAGE })
      older.value = [...older.value, ...page.past]
      more.value = page.more
    } catch (error) {
      tellError(error)
    } finally {
      busy.value = false
    }
  }
  // Something was deleted or put back, or all is new: what was loaded may be of yesterday.
  function forget(): void {
    older.value = []
    more.value = true
  }
  watch(() => room.generation, forget)
  watch(newest, (now, before) => {
    if (before.some(({ id }) => !now.some((item) => item.id === id))) forget()
  })
  return { items, mayLoad, busy, load }
}
