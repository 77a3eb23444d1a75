import { expect, test } from 'vitest'
import { Crowd, listed, sentence } from './crowd'

test.each([
  [['Ana'], 'Ana'],
  [['Ana', 'Ben'], 'Ana and Ben'],
  [['Ana', 'Ben', 'Chidi'], 'Ana, Ben and Chidi'],
  [['Ana', 'Ben', 'Chidi', 'Dalia'], 'Ana, Ben and 2 others'],
])('%j', (names, text) => expect(listed(names)).toBe(text))

test('[P3] comings and goings are told together', () => {
  const crowd = new Crowd()
  crowd.came('1', 'Ana')
  crowd.went('2', 'Ben')
  expect(sentence(crowd)).toBe('Ana joined · Ben left')
})

test('[P3] who comes and goes at once is not told', () => {
  const crowd = new Crowd()
  crowd.came('1', 'Ana')
  crowd.went('1', 'Ana')
  crowd.went('2', 'Ben')
  crowd.came('2', 'Ben')
  expect(sentence(crowd)).toBe('')
})
