import { computed, ref, shallowRef, watch } from 'vue'
import type { PollsCount, PollsHiddenWord, PollsPoll, PollsTally } from '@/contract'
import { useRoom } from '@/core/room'
import { tellError } from '@/design/toasts'

interface Shown {
  poll: PollsPoll
  tally: PollsTally
  hidden: readonly PollsHiddenWord[]
}

/** Words and texts beyond those that the totals hold, a page at a time: a host can hide any of them. */
export function useMoreTexts(props: Readonly<Shown>) {
  const room = useRoom()
  const loaded = shallowRef<PollsCount[]>([])
  const end = ref(false)
  const busy = ref(false)

  const tally = computed<PollsTally>(() => {
    const out = new Set([...props.tally.counts, ...props.hidden].map(({ key }) => key))
    const further = loaded.value.filter(({ key }) => !out.has(key))
    return {
      ...props.tally,
      counts: [...props.tally.counts, ...further],
      more: Math.max(0, props.tally.more - further.length),
    }
  })
  const mayLoad = computed(() => props.tally.more > 0 && !end.value)

  async function load(): Promise<void> {
    busy.value = true
    const opened = props.poll.opened_at
    try {
      const after = loaded.value.at(-1)?.key ?? ''
      const page = await room.ask('polls.texts', { poll: props.poll.id, after, limit: 200 })
      if (opened !== props.poll.opened_at) return
      loaded.value = [...loaded.value, ...page.texts]
      end.value = !page.more
    } catch (error) {
      tellError(error)
    } finally {
      busy.value = false
    }
  }
  // Totals that were thrown away take their texts along; with further votes there may be further texts.
  watch(
    () => props.poll.opened_at,
    () => (loaded.value = []),
  )
  watch(
    () => props.tally.more,
    () => (end.value = false),
  )
  return { tally, mayLoad, busy, load }
}
