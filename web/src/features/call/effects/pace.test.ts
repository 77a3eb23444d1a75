import { describe, expect, it } from 'vitest'
import { BEGIN, paced, predicted, STEPS, stepOf, type Pace, type Second } from './pace'

/** A device on which an outline and a picture of 720 lines take so long; the call leaves it a part of its time. */
interface Device {
  outlineMs: number
  pictureMs: number
  camera?: number
  pressed?: (step: number) => boolean
}

function lived(device: Device, pace: Pace): Second {
  const step = stepOf(pace)
  const camera = device.camera ?? 30
  const pictureMs = device.pictureMs * (Math.min(step.height, 720) / 720) ** 2
  const each = device.outlineMs + pictureMs
  const done = Math.min(step.rate, camera, 1000 / each)
  return {
    done,
    camera,
    cameraHeight: 720,
    busy: Math.min(1, (done * each) / 1000),
    outlineMs: device.outlineMs,
    pictureMs,
    pressed: device.pressed?.(pace.step) ?? false,
  }
}

function after(seconds: number, device: Device, pace: Pace = BEGIN): Pace {
  for (let at = 0; at < seconds; at++) pace = paced(pace, lived(device, pace))
  return pace
}

const QUICK: Device = { outlineMs: 8, pictureMs: 4 }

describe('the pace of backgrounds', () => {
  it('stays at the camera’s size and rate on a device that can [M10]', () => {
    expect(after(120, QUICK)).toMatchObject({ step: 0, struggling: false })
  })

  it('takes a slow camera for what it is', () => {
    expect(after(60, { ...QUICK, camera: 10 }).step).toBe(0)
  })

  it('steps down one after the other until it keeps up, and rests there [M10]', () => {
    const slow: Device = { outlineMs: 35, pictureMs: 12 }
    const settled = after(15, slow)
    expect(settled.step).toBeGreaterThan(0)
    expect(lived(slow, settled).busy).toBeLessThan(0.8)
    const steps = new Set<number>()
    let pace = settled
    for (let at = 0; at < 600; at++) {
      pace = paced(pace, lived(slow, pace))
      steps.add(pace.step)
    }
    expect(steps.size).toBe(1)
    expect(pace.struggling).toBe(false)
  })

  it('is at a pace that it can hold within seconds', () => {
    const slow: Device = { outlineMs: 90, pictureMs: 30 }
    expect(lived(slow, after(12, slow)).busy).toBeLessThan(0.8)
  })

  it('offers to be switched off when even the last step is too much [M10]', () => {
    const pace = after(30, { outlineMs: 400, pictureMs: 200 })
    expect(pace).toMatchObject({ step: STEPS.length - 1, struggling: true })
    // and takes the offer back when it has been well for a while
    expect(after(9, QUICK, pace).struggling).toBe(true)
    expect(after(12, QUICK, pace).struggling).toBe(false)
  })

  it('gives way when the call itself is short of time, however quick it is [M10]', () => {
    const pace = after(10, { ...QUICK, pressed: (step) => step < 3 })
    expect(pace.step).toBe(3)
  })

  it('comes back up when there is room again, one step at a time', () => {
    const low = after(20, { outlineMs: 90, pictureMs: 30 })
    expect(after(14, QUICK, low).step).toBe(low.step)
    expect(after(16, QUICK, low).step).toBe(low.step - 1)
    expect(after(200, QUICK, low).step).toBe(0)
  })

  it('tries again more and more seldom when going up was wrong', () => {
    // Whatever is measured while there is room, one step up is too much.
    const tempting: Device = { ...QUICK, pressed: (step) => step < 2 }
    let pace = after(10, tempting)
    let tries = 0
    for (let at = 0; at < 1800; at++) {
      const next = paced(pace, lived(tempting, pace))
      if (next.step < pace.step) tries += 1
      pace = next
    }
    expect(tries).toBeGreaterThan(2)
    expect(tries).toBeLessThan(14)
  })

  it('learns nothing from a second without pictures', () => {
    const pace = after(3, QUICK)
    expect(paced(pace, { ...lived(QUICK, pace), done: 0, busy: 0 })).toBe(pace)
  })

  it('never leaves its steps, whatever it is told', () => {
    let pace = BEGIN
    let seed = 7
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
    for (let at = 0; at < 5000; at++) {
      const second = { ...lived({ outlineMs: random() * 300, pictureMs: random() * 90 }, pace) }
      pace = paced(pace, { ...second, pressed: random() < 0.1, done: random() < 0.1 ? 0 : second.done })
      expect(STEPS[pace.step]).toBeDefined()
      expect(pace.patience).toBeLessThanOrEqual(240)
    }
  })

  it('costs less with each step', () => {
    for (const device of [QUICK, { outlineMs: 30, pictureMs: 0 }, { outlineMs: 0, pictureMs: 30 }]) {
      const costs = STEPS.map((step) => predicted(lived(device, BEGIN), STEPS[0]!, step))
      expect(costs).toEqual([...costs].sort((a, b) => b - a))
    }
  })
})
