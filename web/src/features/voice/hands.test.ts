import { expect, it } from 'vitest'
import type { FloorItem } from '@/contract'
import { handsOf } from './hands'

it('[P4] a hand is up while a request to speak stands in the queue', () => {
  const items = [
    { person: 'ana', kind: 'voice' },
    { person: 'ben', kind: 'text' },
  ] as FloorItem[]
  expect([...handsOf(items)]).toEqual(['ana'])
  expect(handsOf(items)).toBe(handsOf(items))
  expect(handsOf([...items]).has('ben')).toBe(false)
  expect(handsOf(undefined).size).toBe(0)
})
