import { expect, it } from 'vitest'
import { middleOf } from './picture'

it('takes the middle', () => {
  expect(middleOf(400, 300)).toEqual({ x: 50, y: 0, side: 300 })
  expect(middleOf(301, 1000)).toEqual({ x: 0, y: 349, side: 301 })
  expect(middleOf(7, 7)).toEqual({ x: 0, y: 0, side: 7 })
})
