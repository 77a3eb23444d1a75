import { computed, onMounted, shallowRef, watch } from 'vue'
import { account } from '@/core/account'
import type { Preset, Theme } from '@/core/api'
import { forgetVisit, visits } from '@/core/device'
import { forgetRoom, listMyRooms, type MyRoom } from '@/core/my-rooms'

const SHOWN = 6

export interface Way {
  link: string
  name: string
  preset: Preset
  theme: Theme
  /** Whether it can be taken off the list: the rooms that one runs stay on it. */
  forgettable: boolean
}

/** The way back into rooms. The server knows them; until it has answered, this device does. */
export function useWays() {
  const known = shallowRef<{ mine: MyRoom[]; visited: MyRoom[]; total: number } | null>(null)

  async function look(): Promise<void> {
    try {
      const [mine, visited] = await Promise.all([listMyRooms('mine'), listMyRooms('visited')])
      known.value = { mine: mine.rooms, visited: visited.rooms, total: mine.total + visited.total }
    } catch {
      known.value = null
    }
  }
  onMounted(look)
  // Whoever signs in or out has other rooms.
  watch(() => account.value?.identity, look)

  const ways = computed<Way[]>(() => {
    if (!known.value) return visits.value.map((visit) => ({ ...visit, forgettable: true }))
    const { mine, visited } = known.value
    const open = visited.filter(({ closed_at }) => closed_at === null)
    return [
      ...mine.map((room) => ({ ...room, forgettable: false })),
      ...open.map((room) => ({ ...room, forgettable: !room.here })),
    ].slice(0, SHOWN)
  })

  function forget({ link }: Way): void {
    forgetVisit(link)
    if (!known.value) return
    known.value = { ...known.value, visited: known.value.visited.filter((room) => room.link !== link) }
    void forgetRoom(link).catch(() => undefined)
  }
  const total = computed(() => known.value?.total ?? 0)
  return { ways, total, forget }
}
