import { computed, shallowRef, watch, type Ref } from 'vue'
import type { PollsHostPoll } from '@/contract'
import { useRoom } from '@/core/room'
import { tell } from '@/design/toasts'
import { forgetDone, usePollHosting, wasDoneHere, type Problem } from './actions'
import { loadEdited, loadKept, saveEdited, saveKept } from './kept'
import { isBlank, questionOf, titleOf } from './question'

/**
 * Which question is being written, over reloads of the page. It is while it is a draft: once it is released, or deleted by
 * another host, the list is there again. `left` is told which poll one comes back from.
 */
export function useEdited(line: Readonly<Ref<PollsHostPoll[]>>, left: (poll: string) => void) {
  const room = useRoom()
  const hosting = usePollHosting()
  const link = () => room.state.rooms?.room.link ?? ''
  const known = loadEdited(link())
  const edited = shallowRef<{ id: string; found: Problem | null } | null>(
    known ? { id: known, found: null } : null,
  )
  const poll = computed(() =>
    line.value.find(({ id, state }) => id === edited.value?.id && state === 'draft'),
  )

  const begun = new Set<string>()
  /** `fresh` is one that has just been begun here. */
  function edit(id: string, found: Problem | null = null, fresh = false): void {
    const before = poll.value
    forgetDone(id)
    if (fresh) begun.add(id)
    edited.value = { id, found }
    if (before && before.id !== id) clean(before)
  }
  /** What was begun here and left without a word is none. */
  function clean(before: PollsHostPoll): void {
    if (begun.has(before.id) && isBlank(before.question) && !loadKept(before.id)) void hosting.remove(before)
  }
  function leave(): void {
    const before = poll.value
    edited.value = null
    if (!before) return
    clean(before)
    left(before.id)
  }

  /** Another host has taken the question out of one's hands: what is not saved becomes one of its own. */
  async function rescue(before: PollsHostPoll): Promise<void> {
    const now = line.value.find(({ id }) => id === before.id)
    const kept = loadKept(before.id)
    saveKept(before.id, null)
    const what = `Another host has ${now ? 'released' : 'deleted'} “${titleOf(before, 60)}”.`
    if (!kept) return void tell(what)
    const id = await hosting.create(questionOf(kept.mine), now?.id ?? null)
    if (!id) return saveKept(before.id, kept)
    edit(id)
    tell(`${what} What you wrote since is a question of its own.`)
  }

  watch(
    () => edited.value?.id ?? null,
    (id) => saveEdited(link(), id),
  )
  watch(poll, (now, before) => {
    if (now || !before || edited.value?.id !== before.id) return
    edited.value = null
    if (wasDoneHere(before.id)) left(before.id)
    else void rescue(before)
  })
  return { poll, found: computed(() => edited.value?.found ?? null), edit, leave }
}
