import { computed, shallowRef, watch } from 'vue'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { tellError } from '@/design/toasts'
import type { ScreenEnd } from './ends'
import { tabOf } from './tab'
import type { Ends } from './use-ends'

/** Auto mode as this page sees it: the next in line is called to one page, which may be this one. */
export function useAuto(ends: Ends<ScreenEnd>) {
  const room = useRoom()
  const tab = tabOf(room.state.rooms?.room.link ?? '')
  const here = shallowRef(tab.desk)
  const now = computed(() => room.state.voice?.auto ?? null)
  const isMe = computed(() => now.value?.person === room.state.people?.me)
  const mine = computed(() => here.value && isMe.value)

  function mark(is: boolean): void {
    here.value = tab.desk = is
  }

  /** Switches it on to this page, or off. */
  async function turn(on: boolean): Promise<void> {
    try {
      await room.send('voice.auto', { on, line: ends.line })
      mark(on)
    } catch (error) {
      tellError(error)
    }
  }

  // It was switched off, or somebody else's page has it now.
  watch(
    [now, isMe],
    () => {
      if (room.status === 'live' && here.value && !isMe.value) mark(false)
    },
    { immediate: true },
  )
  // This page has come back: the server waits for it.
  watch(
    () => room.status === 'live' && mine.value && now.value?.there === false,
    (waits) => waits && void turn(true),
    { immediate: true },
  )

  /** Whose it is, is known by trying: another tab of the same person may have taken it over. */
  async function answer(call: string): Promise<void> {
    try {
      await ends.take(call)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.code === 'call_taken') mark(false)
    }
  }
  const tried = new Set<string>()
  watch(
    () =>
      mine.value && room.status === 'live'
        ? (room.state.voice?.calls ?? []).filter(({ auto, state }) => auto && state === 'ringing')
        : [],
    (ringing) => {
      for (const { id } of ringing) {
        if (tried.has(id)) continue
        tried.add(id)
        void answer(id)
      }
    },
    { immediate: true },
  )

  return {
    on: computed(() => now.value !== null),
    mine,
    /** The page that it calls to is there. */
    there: computed(() => now.value?.there ?? false),
    who: computed(() => now.value?.person ?? null),
    turn,
  }
}
