import { describe, expect, it } from 'vitest'
import { conversation, messages } from './fixtures'
import { hasOlder, shownMessages, withNewer, withoutPast, withOlder, withPast } from './merge'

const numbers = (list: { n: number }[] | undefined) => list && [list[0]?.n, list.at(-1)?.n, list.length]

describe('history', () => {
  const live = conversation({ messages: messages(101, 150), read: 150 })

  it('[C1] older messages are put before, once each', () => {
    expect(hasOlder(live)).toBe(true)
    const more = withOlder(live, messages(61, 105))
    expect(numbers(more.messages)).toEqual([61, 150, 90])
    expect(withOlder(more, [])).toBe(more)
    expect(hasOlder(withOlder(more, messages(1, 60)))).toBe(false)
  })

  it('[C5] what was cleared away is not loaded', () => {
    const cleared = conversation({ messages: messages(120, 150), cleared: 110 })
    expect(hasOlder(cleared)).toBe(true)
    const more = withOlder(cleared, messages(100, 119))
    expect(numbers(more.messages)).toEqual([111, 150, 40])
    expect(hasOlder(more)).toBe(false)
    expect(hasOlder(conversation({ last: 9, cleared: 9 }))).toBe(false)
  })

  it('[C5] a jump far back shows a stretch of its own, which grows in both directions', () => {
    const far = withPast(live, messages(20, 40))
    expect(numbers(shownMessages(far))).toEqual([20, 40, 21])
    expect(far.messages).toBe(live.messages)
    expect(numbers(withOlder(far, messages(10, 19)).past)).toEqual([10, 40, 31])
    const on = withNewer(far, messages(41, 90))
    expect(numbers(on.past)).toEqual([20, 90, 71])
    expect(withoutPast(on)).toEqual(live)
  })

  it('[C5] where the stretch meets the newest messages they are one', () => {
    const far = withPast(live, messages(20, 60))
    const met = withNewer(far, messages(61, 100))
    expect(met.past).toBeUndefined()
    expect(numbers(met.messages)).toEqual([20, 150, 131])
    expect(numbers(withNewer(far, messages(61, 120)).messages)).toEqual([20, 150, 131])
    expect(numbers(withPast(live, messages(90, 130)).messages)).toEqual([90, 150, 61])
    expect(withNewer(live, messages(1, 5))).toBe(live)
  })
})
