import type { PollsHostPoll, PollsQuestion } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell, tellError } from '@/design/toasts'
import { pollsFile } from './files'
import { titleOf } from './question'

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

/** What hosts do with polls. Each is asked of the server and shown when it has happened. */
export function usePollHosting() {
  const room = useRoom()
  const linkOf = () => room.state.rooms?.room.link ?? ''

  /** Null when it is open now. */
  async function open(poll: { id: string }): Promise<Problem | null> {
    try {
      await room.send('polls.open', { poll: poll.id })
      return null
    } catch (error) {
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
      links: [{ label: 'Save results first', href: pollsFile(linkOf(), 'xlsx', poll.id) }],
    })
    if (yes) await done(room.send('polls.reset', { poll: poll.id }))
  }

  async function remove(poll: PollsHostPoll): Promise<boolean> {
    const { yes } = await ask({
      title: 'Delete this poll?',
      text:
        poll.state === 'draft'
          ? `“${titleOf(poll, 120)}” is deleted.`
          : `“${titleOf(poll, 120)}” and all its votes are deleted for everyone.`,
      action: 'Delete',
      danger: true,
      ...(poll.state === 'draft'
        ? {}
        : { links: [{ label: 'Save results first', href: pollsFile(linkOf(), 'xlsx', poll.id) }] }),
    })
    return yes && (await done(room.send('polls.delete', { poll: poll.id }))) !== null
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
    reset,
    remove,
    hideWord,
    create: async (question: PollsQuestion, after: string | null = null) =>
      (await done(room.send('polls.create', { question, after })))?.polls[0] ?? null,
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
