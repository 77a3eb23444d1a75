import { describe, expect, it } from 'vitest'
import { Strain } from './strain'

/** Turns for so many seconds, each so late; the shares that came of it, with their seconds. */
function during(strain: Strain, from: number, seconds: number, everyMs: number): [number, number][] {
  const found: [number, number][] = []
  for (let at = from * 1_000; at < (from + seconds) * 1_000; at += everyMs)
    if (strain.look(at)) found.push([Math.round(at / 1_000), strain.share])
  return found
}

describe('[M7] a device that is short of time', () => {
  it('is not, when turns are on time, or when something long happens once', () => {
    const strain = new Strain()
    expect(during(strain, 0, 60, 100)).toEqual([])
    strain.look(60_600)
    expect(during(strain, 60.7, 60, 100)).toEqual([])
    expect(strain.share).toBe(1)
  })

  it('sends less within seconds, and not nothing', () => {
    const strain = new Strain()
    during(strain, 0, 4, 100)
    const steps = during(strain, 4, 20, 600)
    expect(steps.map(([, share]) => share)).toEqual([0.5, 0.25])
    expect(steps.at(-1)![0]).toBeLessThan(14)
    expect(strain.short).toBe(true)
  })

  it('sends more again when it has been calm for some time, and waits longer after a mistake', () => {
    const strain = new Strain()
    during(strain, 0, 20, 600)
    expect(strain.share).toBe(0.25)
    const [up] = during(strain, 20, 40, 100)
    expect(up?.[1]).toBe(0.5)
    expect(up![0]).toBeGreaterThan(34)
    expect(during(strain, 60, 8, 600).map(([, share]) => share)).toContain(0.25)
    expect(strain.share).toBe(0.25)
  })

  it('begins a large call with the least, and has all of it soon where there is time', () => {
    const strain = new Strain()
    strain.start()
    expect(strain.share).toBe(0.25)
    expect(strain.short).toBe(false)
    expect(during(strain, 0, 10, 100).map(([, share]) => share)).toEqual([0.5, 1])
  })

  it('says that it is short when there is not even time for the least to begin with, and climbs slowly then', () => {
    const strain = new Strain()
    strain.start()
    expect(during(strain, 0, 10, 600).map(([, share]) => share)).toEqual([0.25])
    expect(strain.short).toBe(true)
    expect(during(strain, 10, 12, 100)).toEqual([])
  })

  it('knows nothing of the time in which it slept or was hidden', () => {
    const strain = new Strain()
    during(strain, 0, 10, 100)
    expect(strain.look(100_000)).toBe(false)
    expect(during(strain, 100, 10, 100)).toEqual([])
    strain.rest()
    expect(strain.look(118_000)).toBe(false)
    expect(during(strain, 118, 10, 100)).toEqual([])
  })
})
