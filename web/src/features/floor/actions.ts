import type { FloorItem, FloorPastItem } from '@/contract'
import { exportFile } from '@/core/api'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell, tellError } from '@/design/toasts'
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

/** The first of the queue comes up; with nobody in it, what is being answered is done. */
export function next(): void {
  const { state } = useRoom()
  const hosting = useHosting()
  const [first] = lineOf(state.floor)
  const now = nowOf(state.floor)
  if (first) void hosting.take(first)
  else if (now) void hosting.answer(now)
}

export function backAgain(): void {
  const now = nowOf(useRoom().state.floor)
  if (now) void useHosting().putBack(now)
}
