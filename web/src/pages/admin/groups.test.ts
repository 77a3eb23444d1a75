import { expect, it } from 'vitest'
import { groupsFrom } from './groups'

it('takes each group once, however they were typed', () => {
  expect(groupsFrom(' founders, ,corporate,founders\n late  risers ,')).toEqual([
    'corporate',
    'founders',
    'late risers',
  ])
  expect(groupsFrom('  ')).toEqual([])
})
