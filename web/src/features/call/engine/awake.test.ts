import { describe, expect, it } from 'vitest'
import { Awake } from './awake'

/** A page whose time is set by hand. */
function page(hidden = false) {
  const time = { now: 0 }
  const awake = new Awake(
    () => time.now,
    () => hidden,
  )
  awake.turn()
  return { time, awake }
}

describe('[M8] the time in which a page could do something', () => {
  it('is the time, as long as turns are on time', () => {
    const { time, awake } = page()
    for (; time.now < 10_000; time.now += 100) awake.turn()
    expect(awake.now()).toBe(10_000)
    time.now += 60
    expect(awake.now()).toBe(10_060)
  })

  it('stands nearly still while none come, and counts none of those that come late at once', () => {
    const { time, awake } = page()
    time.now = 14_000
    expect(awake.now()).toBe(300)
    for (let turn = 0; turn < 140; turn += 1) awake.turn()
    expect(awake.now()).toBe(300)
    time.now += 100
    expect(awake.now()).toBe(400)
  })

  it('goes on in pages that nobody sees, which have fewer turns', () => {
    const { time, awake } = page(true)
    time.now = 1_000
    expect(awake.now()).toBe(1_000)
  })
})
