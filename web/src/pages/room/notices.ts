import { watch } from 'vue'
import { useRoom } from '@/core/room'
import { notify } from '@/design/notify'
import { play } from '@/design/sounds'
import { tell } from '@/design/toasts'
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

  watch(
    () => room.state.people?.hosts?.knocks.map(({ id }) => id) ?? [],
    (_now, before) => {
      const news = room.state.people?.hosts?.knocks.filter(({ id }) => !before.includes(id)) ?? []
      const last = news.at(-1)
      if (!last) return
      play('knock')
      notify('Somebody knocks', `${last.name} asks to come in.`, 'knock')
      // Where the people's list or the call is on the screen, the card in it is enough.
      if (layout.slotOf('people') !== 'hidden' || knocksShown.value) return
      const look = { label: 'Look', run: () => layout.show('people') }
      tell(`${last.name} asks to come in.`, { action: look })
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
