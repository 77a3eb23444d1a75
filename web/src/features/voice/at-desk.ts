import { effectScope, onScopeDispose, shallowRef, watch, type EffectScope } from 'vue'
import { useRoom } from '@/core/room'
import { tellError } from '@/design/toasts'
import type { Desk } from './desk'

/** The calls as this page of a host has them; null for everybody else, and while it is loaded. */
export const desk = shallowRef<Desk | null>(null)

/** Once for each frame of a room, and for the big screen. Who is no host loads nothing of it. */
export function useDesk(): void {
  const room = useRoom()
  let scope: EffectScope | undefined

  function clear(): void {
    scope?.stop()
    scope = undefined
    desk.value = null
  }
  async function open(): Promise<void> {
    const mine = (scope = effectScope(true))
    try {
      const { makeDesk } = await import('./desk')
      if (scope === mine) desk.value = mine.run(makeDesk) ?? null
    } catch (error) {
      tellError(error)
    }
  }
  watch(
    () => room.isHost,
    (is) => {
      clear()
      if (is) void open()
    },
    { immediate: true },
  )
  onScopeDispose(clear)
}
