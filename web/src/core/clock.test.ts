import { expect, it } from 'vitest'
import { ServerClock } from './clock'

it('takes the sample with the least delay, and begins anew with a snapshot', () => {
  let local = 1_000
  const clock = new ServerClock(() => local)
  expect(clock.now()).toBe(1_000)
  clock.begin(5_000)
  expect(clock.now()).toBe(5_000)
  local = 2_000
  clock.observe(5_900)
  expect(clock.now()).toBe(6_000)
  clock.observe(6_050)
  expect(clock.now()).toBe(6_050)
  clock.begin(100)
  expect(clock.now()).toBe(100)
})
