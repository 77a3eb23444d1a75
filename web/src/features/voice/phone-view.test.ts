import { describe, expect, it } from 'vitest'
import type { VoiceCall } from '@/contract'
import { clockFace, Hearing, hindranceOf, viewOf } from './phone-view'

const call = (more: Partial<VoiceCall> = {}): VoiceCall => ({
  id: 'c',
  item: 'i',
  person: 'p',
  state: 'live',
  screen: 'h',
  phone_there: true,
  screen_there: true,
  epoch: 1,
  muted: false,
  auto: false,
  called_at: 0,
  live_at: 0,
  rings_until: null,
  speaks_until: null,
  back_until: null,
  ...more,
})
const nowhere = { phone: false, screen: false, leaving: null }

describe('what a page shows of the call to its person', () => {
  it('[F6] rings on all of them, but not on the one that would play it', () => {
    const ringing = call({ state: 'ringing', phone_there: false })
    expect(viewOf(ringing, nowhere)).toBe('ringing')
    // Talk was pressed, and there is no answer yet.
    expect(viewOf(ringing, { ...nowhere, phone: true })).toBe('ringing')
    expect(viewOf(ringing, { ...nowhere, screen: true })).toBe('screen')
    expect(viewOf(undefined, nowhere)).toBe('none')
  })

  it('[F6] speaks on one of them, and tells the others', () => {
    expect(viewOf(call(), { ...nowhere, phone: true })).toBe('live')
    expect(viewOf(call({ state: 'reconnecting' }), { ...nowhere, phone: true })).toBe('live')
    expect(viewOf(call(), nowhere)).toBe('elsewhere')
    expect(viewOf(call(), { ...nowhere, screen: true })).toBe('none')
    expect(viewOf(call({ state: 'reconnecting', phone_there: false }), nowhere)).toBe('free')
  })

  it('[F6] is over at once for who hangs up', () => {
    expect(viewOf(call(), { ...nowhere, phone: true, leaving: 'c' })).toBe('none')
    expect(viewOf(call(), { ...nowhere, phone: true, leaving: 'before' })).toBe('live')
  })
})

it('[F8] says what is in the way of being heard, the first thing first', () => {
  const well = {
    online: true,
    microphone: true,
    call: call(),
    connected: true,
    paused: false,
    ownMute: false,
  }
  expect(hindranceOf(well)).toBeNull()
  expect(hindranceOf({ ...well, ownMute: true })).toBe('own')
  expect(hindranceOf({ ...well, ownMute: true, call: call({ muted: true }) })).toBe('muted')
  expect(hindranceOf({ ...well, paused: true, call: call({ muted: true }) })).toBe('paused')
  expect(hindranceOf({ ...well, connected: false, paused: true })).toBe('connecting')
  expect(hindranceOf({ ...well, connected: false, call: call({ screen_there: false }) })).toBe('away')
  expect(hindranceOf({ ...well, microphone: false, call: call({ screen_there: false }) })).toBe('silent')
  expect(hindranceOf({ ...well, microphone: false, online: false })).toBe('offline')
  expect(hindranceOf({ ...well, call: call({ phone_there: false }) })).toBe('offline')
})

it('[F6] writes the time that is left as a clock does', () => {
  expect([7, 60, 150, 3660].map(clockFace)).toEqual(['0:07', '1:00', '2:30', '61:00'])
})

it('[F7] tells that the microphone hears somebody, and rarely', () => {
  const hearing = new Hearing(0)
  expect(hearing.take(0, 1_000)).toBe(false)
  expect(hearing.take(0.6, 2_000)).toBe(true)
  expect(hearing.hears).toBe(true)
  // A pause between two sentences is nothing to tell.
  expect(hearing.take(0, 5_000)).toBe(false)
  expect(hearing.take(0.6, 6_000)).toBe(false)
  expect(hearing.take(0, 11_999)).toBe(false)
  expect(hearing.take(0, 12_000)).toBe(true)
  expect(hearing.hears).toBe(false)
  expect(hearing.take(0, 60_000)).toBe(false)
})
