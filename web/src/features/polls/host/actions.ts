import type { PollsHostPoll, PollsQuestion } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell, tellError } from '@/design/toasts'
import { pollsFile } from './files'
import { draftOf, isBlank, questionOf, titleOf } from './question'

/** What keeps a draft from being released. */
export interface Problem {
  field: string | undefined
  message: string
}

async function done<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    tellError(error)
    return null
  }
}

/** Polls that this page has released or deleted itself: nobody needs to be told of those. */
const own = new Set<string>()
export const wasDoneHere = (poll: string): boolean => own.has(poll)
export const forgetDone = (poll: string): boolean => own.delete(poll)

/** What hosts do with polls. Each is asked of the server and shown when it has happened. */
export function usePollHosting() {
  const room = useRoom()
  const linkOf = () => room.state.rooms?.room.link ?? ''
  const resultsFirst = (poll: PollsHostPoll) => [
    { label: 'Save results first', href: pollsFile(linkOf(), 'xlsx', poll.id) },
  ]

  /** Null when it is open now. */
  async function open(poll: { id: string }): Promise<Problem | null> {
    own.add(poll.id)
    try {
      await room.send('polls.open', { poll: poll.id })
      return null
    } catch (error) {
      own.delete(poll.id)
      if (!(error instanceof Refused) || error.code !== 'poll_invalid') tellError(error)
      const { message } = error as Error
      return { field: error instanceof Refused ? error.field : undefined, message }
    }
  }

  async function reset(poll: PollsHostPoll): Promise<void> {
    const { yes } = await ask({
      title: 'Throw the votes away?',
      text: `All votes for “${titleOf(poll, 120)}” are deleted, and it is a draft again. “Run again” keeps them.`,
      action: 'Throw votes away',
      danger: true,
      links: resultsFirst(poll),
    })
    if (yes) await done(room.send('polls.reset', { poll: poll.id }))
  }

  const create = async (question: PollsQuestion, after: string | null = null) =>
    (await done(room.send('polls.create', { question, after })))?.polls[0] ?? null

  async function drop(poll: PollsHostPoll): Promise<boolean> {
    own.add(poll.id)
    return (await done(room.send('polls.delete', { poll: poll.id }))) !== null
  }

  /** A question that nobody has been asked comes back when it is wanted; an empty one is not worth a word. */
  async function dropDraft(poll: PollsHostPoll): Promise<void> {
    const line = room.state.polls?.hosts?.polls ?? []
    const before = line[line.findIndex(({ id }) => id === poll.id) - 1]?.id
    if (!(await drop(poll)) || isBlank(poll.question)) return
    tell(`“${titleOf(poll, 60)}” is deleted.`, {
      action: { label: 'Undo', run: () => void putBack(poll.question, before) },
    })
  }
  async function putBack(question: PollsQuestion, before: string | undefined): Promise<void> {
    const line = room.state.polls?.hosts?.polls ?? []
    const after = line.find(({ id }) => id === before)?.id ?? null
    const id = await create(questionOf(draftOf(question)), after)
    // Behind nothing is at the end: what was the first is so again.
    if (id && before === undefined) await done(room.send('polls.move', { poll: id, after: null }))
  }

  async function remove(poll: PollsHostPoll): Promise<void> {
    // A further round belongs to those before it, which a new draft would not.
    if (poll.state === 'draft' && poll.round === 1) return dropDraft(poll)
    const isDraft = poll.state === 'draft'
    const { yes } = await ask({
      title: 'Delete this poll?',
      text: `“${titleOf(poll, 120)}” ${isDraft ? 'is deleted.' : 'and all its votes are deleted for everyone.'}`,
      action: 'Delete',
      danger: true,
      ...(isDraft ? {} : { links: resultsFirst(poll) }),
    })
    if (yes) await drop(poll)
  }

  async function keepTemplate(poll: PollsHostPoll): Promise<void> {
    const name = titleOf(poll, 120)
    if ((await done(room.send('polls.keep_template', { name, polls: [poll.id] }))) === null) return
    tell(`“${titleOf(poll, 60)}” is kept in your templates.`)
  }

  async function hideWord(poll: string, word: { key: string; text: string }, on: boolean): Promise<void> {
    const well = await done(room.send('polls.hide_word', { poll, key: word.key, on }))
    if (well === null || !on) return
    tell(`“${word.text}” is hidden.`, {
      action: { label: 'Undo', run: () => void hideWord(poll, word, false) },
    })
  }

  return {
    open,
    create,
    reset,
    remove,
    hideWord,
    keepTemplate,
    duplicate: async (poll: { id: string }) =>
      (await done(room.send('polls.duplicate', { poll: poll.id })))?.polls[0] ?? null,
    again: async (poll: { id: string }) =>
      (await done(room.send('polls.again', { poll: poll.id })))?.polls[0] ?? null,
    extend: (poll: { id: string }, seconds: number) =>
      done(room.send('polls.extend', { poll: poll.id, seconds })),
    close: (poll: { id: string }) => done(room.send('polls.close', { poll: poll.id })),
    show: (poll: { id: string }, on: boolean) => done(room.send('polls.show', { poll: poll.id, on })),
    project: (poll: { id: string }, on: boolean) => done(room.send('polls.project', { poll: poll.id, on })),
    reveal: (poll: { id: string }) => done(room.send('polls.reveal', { poll: poll.id })),
    move: async (poll: string, after: string | null) =>
      (await done(room.send('polls.move', { poll, after }))) !== null,
  }
}
