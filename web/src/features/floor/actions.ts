import type { FloorItem, FloorPastItem } from '@/contract'
import { exportFile } from '@/core/api'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell, tellError } from '@/design/toasts'
import { atDesk } from '../voice/at-desk'
import { eldestLive, stepOf } from '../voice/calls'
import { lineOf, nowOf, shortly } from './line'

type Named = Pick<FloorItem, 'id' | 'number' | 'kind' | 'body' | 'name'>

/** Tells the person what went wrong, and the caller whether it went well. */
async function done(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    tellError(error)
    return false
  }
}

/** What hosts do with the queue. Each is asked of the server and shown when it has happened. */
export function useHosting() {
  const room = useRoom()

  const reopen = (item: { id: string }) => done(room.send('floor.reopen', { item: item.id }))

  async function answer(item: Named): Promise<void> {
    if (!(await done(room.send('floor.answer', { item: item.id })))) return
    tell(`Number ${item.number} is answered.`, { action: { label: 'Undo', run: () => void reopen(item) } })
  }

  async function remove(item: Named | FloorPastItem): Promise<void> {
    const { yes } = await ask({
      title: `Delete number ${item.number}?`,
      text: `“${shortly(item, 200)}” by ${item.name} is deleted for everyone.`,
      action: 'Delete',
      danger: true,
    })
    if (yes) await done(room.send('floor.delete', { item: item.id }))
  }

  async function clear(past: boolean): Promise<void> {
    const { yes } = await ask({
      title: past ? 'Clear what was answered?' : 'Clear the queue?',
      text: past
        ? 'Everything that was answered so far is deleted for everyone. The queue stays.'
        : 'Everything that stands in the queue or waits for approval is deleted for everyone. What was answered stays.',
      action: past ? 'Clear what was answered' : 'Clear the queue',
      danger: true,
      links: [{ label: 'Save as text', href: exportFile(room.state.rooms?.room.link ?? '', 'queue.txt') }],
    })
    if (yes) await done(room.send('floor.clear', { past }))
  }

  return {
    reopen,
    answer,
    remove,
    clear,
    take: (item: { id: string }) => done(room.send('floor.take', { item: item.id, on: true })),
    putBack: (item: { id: string }) => done(room.send('floor.take', { item: item.id, on: false })),
    pin: (item: { id: string }, on: boolean) => done(room.send('floor.pin', { item: item.id, on })),
    approve: (item: { id: string }) => done(room.send('floor.approve', { item: item.id })),
    move: (item: string, after: string | null) => done(room.send('floor.move', { item, after })),
  }
}

/** What comes next, and who makes way for it: one press leads through the queue. */
export function nextStep() {
  const { state, person } = useRoom()
  return { now: nowOf(state.floor), ...stepOf(lineOf(state.floor), state.voice, person) }
}

/**
 * The first of the queue comes up, and what was before is done: a question is answered, a caller is hung up where the line is
 * needed. With nobody in the queue, what goes on is done.
 */
export async function next(): Promise<void> {
  const room = useRoom()
  const hosting = useHosting()
  const { now, first, leaves, rings } = nextStep()
  const desk = await atDesk()
  if (leaves) await desk?.hangUp(leaves.id)
  if (rings) tell(`${room.person(rings.person)?.name ?? 'Somebody'} is being called.`)
  else if (first?.kind === 'text') await hosting.take(first)
  else if (first) {
    if ((await desk?.call(first.id)) && now) await done(room.send('floor.answer', { item: now.id }))
  } else if (now && !leaves) await hosting.answer(now)
}

/** What came up last goes back: somebody who is being called, or what is being answered. */
export function backAgain(): void {
  const { state } = useRoom()
  const ringing = state.voice?.calls.findLast((call) => call.state === 'ringing')
  const now = nowOf(state.floor)
  if (ringing) void atDesk().then((desk) => desk?.hangUp(ringing.id))
  else if (now) void useHosting().putBack(now)
}

/** Who speaks for longest speaks no more; or, with nobody speaking, who is being called. */
export function hangUp(): void {
  const { voice } = useRoom().state
  const call = eldestLive(voice) ?? voice?.calls[0]
  if (call) void atDesk().then((desk) => desk?.hangUp(call.id))
}
