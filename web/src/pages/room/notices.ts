import { shallowRef, watch } from 'vue'
import { useRoom } from '@/core/room'
import { notify } from '@/design/notify'
import { play } from '@/design/sounds'
import { dismiss, tell } from '@/design/toasts'
import { knocksShown } from '@/features/call/shown'
import { useArrivals } from '@/features/people/arrivals'
import type { useLayout } from './layout'

type Layout = ReturnType<typeof useLayout>

const NOW_YOU_ARE = {
  owner: 'The room is yours now.',
  cohost: 'You are a co-host now. You can let people in and change the room.',
  participant: 'You are a participant now.',
  audience: 'You are in the audience now.',
}

/** What concerns this person wherever they look: knocks for hosts, a new role, being muted. */
export function useNotices(layout: Pick<Layout, 'show' | 'slotOf'>): void {
  const room = useRoom()
  // Kept alive by the frame, so that the line is complete whenever the people's list is opened.
  useArrivals()

  const knocks = () => room.state.people?.hosts?.knocks ?? []
  // Where the people's list or the call is on the screen, the card in it is enough.
  const shown = () => layout.slotOf('people') !== 'hidden' || knocksShown.value
  const told = shallowRef<{ knock: string; toast: number } | null>(null)

  watch(
    () => knocks().map(({ id }) => id),
    (_now, before) => {
      const news = knocks().filter(({ id }) => !before.includes(id))
      const last = news.at(-1)
      if (!last) return
      play('knock')
      notify('Somebody knocks', `${last.name} asks to come in.`, 'knock')
      if (shown()) return
      const look = { label: 'Look', run: () => layout.show('people') }
      told.value = { knock: last.id, toast: tell(`${last.name} asks to come in.`, { action: look }) }
    },
  )
  // They are in, have been declined or have gone; or the card is there.
  watch(
    () => told.value && (shown() || !knocks().some(({ id }) => id === told.value?.knock)),
    (over) => {
      if (!over || !told.value) return
      dismiss(told.value.toast)
      told.value = null
    },
  )
  watch(
    () => room.me?.role,
    (now, before) => {
      if (now && before && now !== before) tell(NOW_YOU_ARE[now])
    },
  )
  watch(
    () => room.me?.muted,
    (now, before) => {
      if (before === undefined || now === undefined) return
      tell(now ? 'A host has muted you in the chat.' : 'You may write in the chat again.')
    },
  )
}
