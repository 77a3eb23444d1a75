import { expect, it } from 'vitest'
import { Needle, spoken } from './needle'

it('[F7] rises quickly, falls slowly, and ends where the sound is', () => {
  const needle = new Needle()
  needle.follow(0.8, 0)
  expect(needle.shown).toBe(0)
  for (let now = 16; now <= 200; now += 16) needle.follow(0.8, now)
  expect(needle.shown).toBeGreaterThan(0.75)
  expect(needle.follow(0, 216)).toBeGreaterThan(0.7)
  for (let now = 216; now <= 1200; now += 16) needle.follow(0, now)
  expect(needle.shown).toBe(0)
})

it('[F7] does not jump after the page was out of sight', () => {
  const needle = new Needle()
  needle.follow(1, 0)
  needle.follow(1, 100)
  expect(needle.follow(0, 60_000)).toBeGreaterThan(0.5)
})

it('[F7] has words for levels', () => {
  expect([0, 0.2, 0.6, 0.95].map(spoken)).toEqual(['silent', 'quiet', 'clear', 'very loud'])
})
