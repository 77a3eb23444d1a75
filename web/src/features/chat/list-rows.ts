import { computed, watch, type Ref } from 'vue'
import { useRoom } from '@/core/room'
import type { Outgoing } from '@/core/outbox'
import { guests, type Guest } from './guests'
import type { History } from './history'
import { buildRows, type Row } from './rows'

export interface Shown {
  rows: Row[]
  /** Rows were put before the ones that were there. */
  shift: boolean
  /** Counts how often the rows had nothing in common with the ones before. */
  epoch: number
}

/** The rows of the list, with what its virtual scroller must know of how they changed. */
export function useRows(peer: Ref<string | null>, history: History, divider: Ref<number | null>) {
  const room = useRoom()

  /** Messages of this conversation that the server has not confirmed, or that have not come back as events. */
  const outgoing = computed<Outgoing[]>(() => {
    const last = history.conversation.value?.last ?? 0
    return room.outgoing.filter(
      (one) =>
        one.name === 'chat.send' &&
        (one.payload.peer ?? null) === peer.value &&
        !(one.state === 'done' && Number(one.answer?.n) <= last),
    )
  })
  watch(
    () => [room.outgoing, history.conversation.value?.last] as const,
    ([all, last]) => {
      for (const one of all)
        if (
          one.state === 'done' &&
          (one.payload.peer ?? null) === peer.value &&
          Number(one.answer?.n) <= (last ?? 0)
        )
          room.drop(one.id)
    },
  )

  /** What other activities have put into the stretch of the room's messages that is shown. */
  const between = computed<Guest[]>(() => {
    if (peer.value !== null) return []
    const messages = history.shown.value
    const from = history.older.value ? (messages[0]?.at ?? 0) : 0
    const past = history.inPast.value
    const until = past ? (messages.at(-1)?.at ?? 0) : Infinity
    return guests.value.filter(({ entry: { at, pending } }) => (pending ? !past : at >= from && at <= until))
  })

  // What was shown before is no cause for building anew, so it is not reactive.
  let before: Shown = { rows: [], shift: false, epoch: 0 }
  const shown = computed<Shown>(() => {
    // While there are older ones, the first is kept back: only what is before it tells how it looks, and a row that
    // changed its height when that is loaded would move everything that is being read.
    const hides = history.older.value && history.shown.value.length > 1
    const context = hides ? history.shown.value[0] : undefined
    const messages = hides ? history.shown.value.slice(1) : history.shown.value
    // The event may be quicker than the answer: then the message is already there under its key.
    const there = new Set(messages.slice(-50).map((message) => message.key))
    const rows = buildRows({
      messages,
      ...(context && { context }),
      guests: between.value,
      outgoing: history.inPast.value ? [] : outgoing.value.filter((one) => !there.has(one.id)),
      me: room.state.people?.me ?? '',
      divider: divider.value,
      before: before.rows,
    })
    before = { rows, ...moved(before, rows) }
    return before
  })
  return shown
}

/** How the rows lie to the ones before. */
export function moved(before: Shown, rows: Row[]): Pick<Shown, 'shift' | 'epoch'> {
  const places = new Map(rows.map((row, place) => [row.key, place]))
  // Guests may be taken away; messages leave at most their words.
  const first = before.rows.findIndex((row) => row.message !== null || places.has(row.key))
  const now = first >= 0 ? places.get(before.rows[first]!.key) : undefined
  if (now === undefined) return { shift: false, epoch: before.epoch + 1 }
  return { shift: now !== first, epoch: before.epoch }
}
