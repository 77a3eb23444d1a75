import { expect, it } from 'vitest'
import { lastsFor, SOUNDS, tonesOf } from './sounds'

it('[S2] there are several sounds and none, all of them short, to be heard and not too loud', () => {
  expect(SOUNDS.length).toBeGreaterThan(5)
  for (const { id } of SOUNDS) {
    const tones = tonesOf(id)
    if (id === 'none') expect(tones).toEqual([])
    else expect(tones.length).toBeGreaterThan(3)
    expect(lastsFor(id)).toBeLessThan(8)
    for (const { pitch, to = pitch, length, share } of tones) {
      for (const each of [pitch, to]) expect(each > 90 && each < 12_000, `${id} ${each}`).toBe(true)
      expect(length > 0 && share > 0 && share <= 1).toBe(true)
    }
  }
})
