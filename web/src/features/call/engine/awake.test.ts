import { describe, expect, it } from 'vitest'
import { Awake } from './awake'

describe('[M8] the time in which a page could do something', () => {
  it('is the time, as long as turns are on time', () => {
    let now = 1_000
    const awake = new Awake(
      () => now,
      () => false,
    )
    awake.turn()
    for (; now < 11_000; now += 100) awake.turn()
    expect(awake.now()).toBe(10_000)
    now += 60
    expect(awake.now()).toBe(10_060)
  })

  it('stands nearly still while none come, and counts none of those that come late at once', () => {
    let now = 0
    const awake = new Awake(
      () => now,
      () => false,
    )
    awake.turn()
    now = 14_000
    expect(awake.now()).toBe(300)
    for (let turn = 0; turn < 140; turn += 1) awake.turn()
    expect(awake.now()).toBe(300)
    now += 100
    expect(awake.now()).toBe(400)
  })

  it('goes on in pages that nobody sees, which have fewer turns', () => {
    let now = 0
    const awake = new Awake(
      () => now,
      () => true,
    )
    awake.turn()
    now = 1_000
    expect(awake.now()).toBe(1_000)
  })
})
