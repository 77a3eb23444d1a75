import { describe, expect, it } from 'vitest'
import type { Outgoing } from '@/core/outbox'
import { message, messages } from './fixtures'
import type { Guest } from './guests'
import { moved } from './list-rows'
import { buildRows, type RowsInput } from './rows'

const build = (more: Partial<RowsInput>) =>
  buildRows({ messages: [], outgoing: [], me: 'ada', divider: null, ...more })
const outgoing = (id: string, state: Outgoing['state'] = 'sending'): Outgoing => ({
  id,
  name: 'chat.send',
  payload: { body: id },
  at: message(9).at,
  kept: true,
  state,
})

describe('rows', () => {
  it('[C1] messages of one person shortly after each other are one group', () => {
    const minutes = (n: number) => message(1).at + n * 60_000
    const rows = build({
      messages: [
        message(1),
        message(2),
        message(3, { author: 'eve' }),
        message(4, { at: minutes(1) }),
        message(5, { at: minutes(7) }),
        message(6, { at: minutes(8), name: 'Robert' }),
      ],
    })
    expect(rows.map(({ head }) => head)).toEqual([true, false, true, true, true, true])
    expect(rows.map(({ tail }) => tail)).toEqual([false, true, true, true, true, true])
  })

  it('[C1] the first row looks as it will when older ones are loaded', () => {
    const all = [1, 2, 3, 4].map((n) => message(n))
    const rows = build({ messages: all.slice(2), context: all[1]! })
    const later = build({ messages: all })
    expect(rows.map(({ head, day }) => [head, day])).toEqual(
      later.slice(2).map(({ head, day }) => [head, day]),
    )
    expect(build({ messages: all.slice(2) })[0]!.head).toBe(true)
  })

  it('[C1] each day begins with its name', () => {
    const noon = new Date(2026, 2, 27, 12).getTime()
    const at = [noon, noon + 11 * 3_600_000, noon + 13 * 3_600_000, noon + 72 * 3_600_000]
    const rows = build({ messages: at.map((time, i) => message(i + 1, { at: time })) })
    const midnight = (day: number) => new Date(2026, 2, day).getTime()
    expect(rows.map(({ day }) => day)).toEqual([midnight(27), null, midnight(28), midnight(30)])
  })

  it('[C2] the divider stands before the first new message of somebody else', () => {
    const list = [message(1), message(2, { author: 'ada' }), message(3), message(4)]
    expect(build({ messages: list, divider: 1 }).findIndex(({ unread }) => unread)).toBe(2)
    expect(build({ messages: list, divider: 1 })[2]!.head).toBe(true)
    expect(build({ messages: list, divider: 4 }).some(({ unread }) => unread)).toBe(false)
    expect(build({ messages: messages(1, 3), divider: 0 })[0]!.unread).toBe(true)
  })

  it('[C2] no divider while the first new message may not be loaded', () => {
    expect(build({ messages: messages(40, 90), divider: 12 }).some(({ unread }) => unread)).toBe(false)
    expect(build({ messages: messages(13, 90), divider: 12 })[0]!.unread).toBe(true)
  })

  it('[C1] messages on their way stand at the end and become the ones that come back', () => {
    const rows = build({ messages: messages(1, 2), outgoing: [outgoing('x'), outgoing('y')] })
    expect(rows.map(({ key }) => key)).toEqual(['bob:k1', 'bob:k2', 'ada:x', 'ada:y'])
    expect(rows[2]).toMatchObject({ head: true, outgoing: { id: 'x' }, message: { body: 'x' } })
    const later = build({
      messages: [...messages(1, 2), message(3, { author: 'ada', key: 'x' })],
      before: rows,
    })
    expect(later[2]!.key).toBe('ada:x')
    expect(later[2]!.outgoing).toBeNull()
  })

  const guest = (id: string, n: number, more: Partial<Guest['entry']> = {}): Guest => ({
    key: `files:${id}`,
    entry: { id, author: 'bob', name: 'Bob', at: message(n).at, pending: false, label: '', ...more },
    view: {},
  })
  const keys = (rows: ReturnType<typeof build>) => rows.map(({ key }) => key.replace('bob:', ''))

  it('[C4] files stand among the messages by their time, in groups with them; what is on its way at the end', () => {
    const guests = [guest('a', 0.5), guest('b', 2.5), guest('c', 9), guest('d', 0, { pending: true })]
    const rows = build({ messages: messages(1, 3), guests, outgoing: [outgoing('x')] })
    expect(keys(rows)).toEqual(['files:a', 'k1', 'k2', 'files:b', 'k3', 'files:c', 'ada:x', 'files:d'])
    expect(rows.map(({ head }) => head)).toEqual([true, false, false, false, false, false, true, true])
    const again = build({ messages: messages(1, 3), guests, before: rows })
    expect(again[3]).toBe(rows[3])
  })

  it('[C4] older pages and files that are taken away leave the place of what is read', () => {
    const epoch = (rows: ReturnType<typeof build>) => ({ rows, shift: false, epoch: 1 })
    const late = build({ messages: messages(5, 9), guests: [guest('a', 4.5)] })
    const all = build({ messages: messages(1, 9), guests: [guest('a', 4.5)] })
    expect(moved(epoch(late), all)).toEqual({ shift: true, epoch: 1 })
    expect(moved(epoch(all), build({ messages: messages(1, 9) }))).toEqual({ shift: false, epoch: 1 })
    expect(moved(epoch(late), build({ messages: messages(5, 9) }))).toEqual({ shift: true, epoch: 1 })
    expect(moved(epoch(late), build({ messages: messages(20, 29) }))).toEqual({ shift: false, epoch: 2 })
  })

  it('rows that did not change are the same objects', () => {
    const list = messages(1, 5)
    const before = build({ messages: list, outgoing: [] })
    const after = build({ messages: [...list, message(6)], before })
    expect(after.slice(0, 4).every((row, i) => row === before[i])).toBe(true)
    // The one before the new message does not end its group any more.
    expect(after[4]).not.toBe(before[4])
    const waiting = outgoing('x')
    const one = build({ messages: list, outgoing: [waiting] })
    const two = build({ messages: list, outgoing: [waiting], before: one })
    expect(two.every((row, i) => row === one[i])).toBe(true)
  })

  it('[C1] 10,000 messages are built within a frame or two', () => {
    const list = messages(1, 10_000)
    const before = build({ messages: list })
    const began = performance.now()
    build({ messages: [...list, message(10_001)], before })
    expect(performance.now() - began).toBeLessThan(150)
  })
})
