import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type * as Sounds from './sounds'

const node = () => ({
  gain: { setValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn(), value: 0 },
  frequency: { value: 0 },
  connect: (to: unknown) => to,
  start: vi.fn(),
  stop: vi.fn(),
})

/** As a browser has it, without sound. */
class Context extends EventTarget {
  state = 'running'
  currentTime = 0
  destination = {}
  createGain = node
  createOscillator = vi.fn(node)
  resume = vi.fn(() => this.turn('running'))
  suspend = vi.fn(() => this.turn('suspended'))

  private turn(state: string): Promise<void> {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
    return Promise.resolve()
  }
}

let context: Context
let sounds: typeof Sounds
beforeEach(async () => {
  vi.useFakeTimers()
  vi.resetModules()
  context = new Context()
  vi.stubGlobal('AudioContext', function () {
    return context
  })
  sounds = await import('./sounds')
  sounds.wakeSounds()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('[M7] makes no silence while a call needs the machine, and sounds all the same', () => {
  vi.advanceTimersByTime(60_000)
  expect(context.state).toBe('running')
  sounds.spare(true)
  vi.advanceTimersByTime(60_000)
  expect(context.state).toBe('suspended')
  expect(sounds.awake.value).toBe(true)

  sounds.play('knock')
  expect(context.state).toBe('running')
  expect(context.createOscillator).toHaveBeenCalled()
  vi.advanceTimersByTime(7_000)
  sounds.play('join')
  // The one that came later is heard to its end.
  vi.advanceTimersByTime(7_000)
  expect(context.state).toBe('running')
  vi.advanceTimersByTime(2_000)
  expect(context.state).toBe('suspended')

  sounds.spare(false)
  expect(context.state).toBe('running')
  vi.advanceTimersByTime(60_000)
  expect(context.state).toBe('running')
})

it('is not woken by itself when the browser does not let it sound', () => {
  sounds.spare(true)
  context.state = 'suspended'
  vi.advanceTimersByTime(60_000)
  expect(sounds.audible()).toBeNull()
  expect(context.suspend).not.toHaveBeenCalled()
})
