import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { PollsHostPoll, PollsQuestion } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { loadKept, saveKept } from './kept'
import { draftOf, questionOf, type Draft } from './question'

const SAVE_MS = 500
/** Until it is tried again after the server could not save it at the moment. */
const AGAIN_SECONDS = 5
/** Letters typed into the same field within this time are undone together. */
const TOGETHER_MS = 1200
const MOST_STEPS = 100
/** Refusals that speak of the server's moment and not of the draft. */
const PASSING = new Set(['unavailable', 'rate_limited'])

export type Saving = 'saved' | 'waiting' | 'saving' | 'conflict' | 'failed'

const same = (one: PollsQuestion, other: PollsQuestion): boolean =>
  JSON.stringify(questionOf(draftOf(one))) === JSON.stringify(questionOf(draftOf(other)))

/**
 * A draft in somebody's hands: what is changed is there at once, kept by the tab, saved a moment later, and can be
 * undone. Changes of other hosts are taken over unless there is something unsaved; then the person decides
 * (`takeTheirs`, `keepMine`), and the other of the two is what undo brings back.
 */
export function useDraft(poll: Readonly<Ref<PollsHostPoll>>) {
  const room = useRoom()
  const draft = shallowRef<Draft>(draftOf(poll.value.question))
  const state = ref<Saving>('saved')
  const problem = ref('')
  const past = shallowRef<Draft[]>([])
  const future = shallowRef<Draft[]>([])
  let saved: PollsQuestion = questionOf(draft.value)
  let revision = poll.value.revision
  let sent: PollsQuestion | null = null
  let last = { part: '', at: 0 }
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<boolean> | null = null

  const isDirty = (): boolean => !same(questionOf(draft.value), saved)
  const keep = (): void => saveKept(poll.value.id, isDirty() ? { revision, sent, mine: draft.value } : null)

  function later(): void {
    clearTimeout(timer)
    keep()
    if (state.value === 'conflict') return
    state.value = isDirty() ? 'waiting' : running ? 'saving' : 'saved'
    if (state.value === 'waiting') timer = setTimeout(() => void save(), SAVE_MS)
  }

  function remember(part: string): void {
    const now = Date.now()
    const goesOn = part !== '' && part === last.part && now - last.at < TOGETHER_MS
    last = { part, at: now }
    future.value = []
    if (!goesOn) past.value = [...past.value, draft.value].slice(-MOST_STEPS)
  }

  /** `part` names what is being typed into; left out for what is one step by itself. */
  function change(more: Partial<Draft>, part = ''): void {
    remember(part)
    draft.value = { ...draft.value, ...more }
    later()
  }

  function step(from: Ref<Draft[]>, to: Ref<Draft[]>): void {
    const next = from.value.at(-1)
    if (!next) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, draft.value]
    last = { part: '', at: 0 }
    draft.value = next
    later()
  }

  /** What this tab had not saved when it was reloaded, or left. */
  function restore(): void {
    const kept = loadKept(poll.value.id)
    if (!kept || same(questionOf(kept.mine), saved)) return saveKept(poll.value.id, null)
    const isNewest = kept.revision === revision || (kept.sent !== null && same(kept.sent, saved))
    past.value = [draft.value]
    draft.value = kept.mine
    if (isNewest) later()
    else state.value = 'conflict'
  }

  /** What another host has saved meanwhile. */
  function follow(): void {
    const theirs = poll.value
    if (running || theirs.state !== 'draft' || theirs.revision <= revision) return
    if (same(theirs.question, questionOf(draft.value))) {
      revision = theirs.revision
      saved = questionOf(draft.value)
      if (state.value === 'conflict') state.value = 'saved'
      later()
    } else if (isDirty()) {
      clearTimeout(timer)
      state.value = 'conflict'
    } else takeTheirs()
  }

  function takeTheirs(): void {
    clearTimeout(timer)
    remember('')
    draft.value = draftOf(poll.value.question)
    saved = questionOf(draft.value)
    revision = poll.value.revision
    state.value = 'saved'
    keep()
  }

  function keepMine(): Promise<boolean> {
    const theirs = draftOf(poll.value.question)
    past.value = [...past.value, theirs].slice(-MOST_STEPS)
    last = { part: '', at: 0 }
    revision = poll.value.revision
    saved = questionOf(theirs)
    state.value = 'waiting'
    return save()
  }

  function refused(error: unknown): void {
    const code = error instanceof Refused ? error.code : ''
    state.value = code === 'poll_changed' ? 'conflict' : 'failed'
    problem.value = error instanceof Error ? error.message : ''
    if (!PASSING.has(code)) return
    const seconds = (error instanceof Refused ? error.retryAfter : undefined) ?? AGAIN_SECONDS
    timer = setTimeout(() => void save(), seconds * 1000)
  }

  async function sendIt(): Promise<boolean> {
    const question = questionOf(draft.value)
    sent = question
    keep()
    try {
      const answer = await room.send('polls.save', { poll: poll.value.id, revision, question })
      revision = answer.revision
      saved = question
      problem.value = ''
      return true
    } catch (error) {
      refused(error)
      return false
    } finally {
      sent = null
      keep()
    }
  }

  /** Everything that is written so far. Whether the server has it. */
  async function save(): Promise<boolean> {
    clearTimeout(timer)
    if (running) {
      await running
      return save()
    }
    if (state.value === 'conflict') return false
    if (!isDirty()) return true
    state.value = 'saving'
    running = sendIt()
    const well = await running
    running = null
    if (well) {
      later()
      follow()
    }
    return well && (isDirty() ? save() : true)
  }

  restore()
  watch(poll, follow)
  onScopeDispose(() => {
    if (poll.value.state === 'draft') void save().finally(() => clearTimeout(timer))
    else clearTimeout(timer)
  })
  return {
    draft,
    state,
    problem,
    change,
    save,
    takeTheirs,
    keepMine,
    undo: () => step(past, future),
    redo: () => step(future, past),
    mayUndo: computed(() => past.value.length > 0),
    mayRedo: computed(() => future.value.length > 0),
  }
}
