import { beforeEach, expect, it } from 'vitest'
import { Volumes } from './volumes'

beforeEach(() => sessionStorage.clear())

it('[F7] keeps a volume for each person over a reload, in each room', () => {
  const before = new Volumes('hall')
  expect(before.of('ana')).toBe(1)
  before.set('ana', 0.5)
  before.set('ben', 0)
  const after = new Volumes('hall')
  expect([after.of('ana'), after.of('ben'), after.of('cem')]).toEqual([0.5, 0, 1])
  expect(new Volumes('elsewhere').of('ana')).toBe(1)
})

it('[F7] takes no nonsense', () => {
  const volumes = new Volumes('hall')
  for (const wrong of [-0.1, 1.1, NaN, Infinity]) volumes.set('ana', wrong)
  expect(volumes.of('ana')).toBe(1)
  for (const kept of ['{', '[1]', 'null', '{"ana": "loud", "ben": 0.25}']) {
    sessionStorage.setItem('salon.volumes.hall', kept)
    expect(new Volumes('hall').of('ana')).toBe(1)
  }
  expect(new Volumes('hall').of('ben')).toBe(0.25)
})
