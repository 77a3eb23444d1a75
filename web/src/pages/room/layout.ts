import { useMediaQuery } from '@vueuse/core'
import { computed, ref, watch, type ComputedRef } from 'vue'
import { useRoom } from '@/core/room'
import { features } from '@/features'
import { wantedInFront, type Feature } from '@/features/feature'

export type Slot = 'main' | 'side' | 'full' | 'hidden'
export const ROOM_TAB = 'room'

/** Which activities the room has switched on, and where each stands on a screen of this width. */
export function useLayout() {
  const room = useRoom()
  const wide = useMediaQuery('(min-width: 64rem)')
  const chosen = ref<Partial<Record<'main' | 'side' | 'full', string>>>({})

  const active = computed(() => {
    const on = room.state.rooms?.room.activities ?? []
    return features.filter((feature) => feature.always || on.includes(feature.id))
  })
  const mains = computed(() => {
    const main = active.value.filter((feature) => feature.place === 'main')
    return main.length > 0 ? main : active.value.slice(0, 1)
  })
  const sides = computed(() => active.value.filter((feature) => !mains.value.includes(feature)))

  const pick = (place: 'main' | 'side', list: ComputedRef<Feature[]>) =>
    computed(() => list.value.find(({ id }) => id === chosen.value[place])?.id ?? list.value[0]?.id)
  const main = pick('main', mains)
  const side = pick('side', sides)
  const tab = computed(() => {
    const wanted = chosen.value.full
    if (wanted === ROOM_TAB || active.value.some(({ id }) => id === wanted)) return wanted
    return main.value ?? ROOM_TAB
  })

  function slotOf(id: string): Slot {
    if (!wide.value) return id === tab.value ? 'full' : 'hidden'
    if (id === main.value) return 'main'
    return id === side.value ? 'side' : 'hidden'
  }

  /** Brings an activity to the front, wherever it stands. */
  function show(id: string): void {
    const place = mains.value.some((feature) => feature.id === id) ? 'main' : 'side'
    chosen.value = { ...chosen.value, full: id, [place]: id }
  }

  watch(wantedInFront, (wanted) => wanted && show(wanted.id))

  return { wide, active, mains, sides, main, side, tab, slotOf, show }
}
