import { effectScope, onScopeDispose, shallowRef, watch, type EffectScope } from 'vue'
import { useRoom } from '@/core/room'
import { tellError } from '@/design/toasts'
import type { Desk } from './desk'

/** The calls as this page of a host has them; null for everybody else, and while it is loaded. */
export const desk = shallowRef<Desk | null>(null)

let coming: Promise<Desk | null> = Promise.resolve(null)
/** The same for who has pressed something: nobody is to press twice because a part of the page was still on its way. */
export const atDesk = (): Promise<Desk | null> => coming

/** Once for each frame of a room, and for the big screen. Who is no host loads nothing of it. */
export function useDesk(): void {
  const room = useRoom()
  let scope: EffectScope | undefined

  function clear(): void {
    scope?.stop()
    scope = undefined
    desk.value = null
    coming = Promise.resolve(null)
  }
  async function open(): Promise<Desk | null> {
    const mine = (scope = effectScope(true))
    try {
      const { makeDesk } = await import('./desk')
      if (scope === mine) desk.value = mine.run(makeDesk) ?? null
    } catch (error) {
      tellError(error)
    }
    return desk.value
  }
  watch(
    () => room.isHost,
    (is) => {
      clear()
      if (is) coming = open()
    },
    { immediate: true },
  )
  onScopeDispose(clear)
}
