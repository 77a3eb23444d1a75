import { expect, it } from 'vitest'
import { atTheDoor, RULES } from './admission'

it('[R4] says what awaits those who come by the link', () => {
  expect(atTheDoor('open', false)).toBe('')
  expect(atTheDoor('open', true)).toBe('The password is needed.')
  expect(atTheDoor('knock', true)).toBe(
    'Whoever comes knocks first, and a host answers. The password is needed.',
  )
  expect(atTheDoor('locked', true)).not.toContain('password')
})

it('[R4] has words for every rule', () => {
  expect(RULES.map(({ value }) => value)).toEqual(['open', 'knock', 'invited', 'groups', 'locked'])
})
