import { expect, it } from 'vitest'
import { backFrom, backLabel } from './back'

const HERE = 'https://salon.example.org'

it('leads back to pages of this server', () => {
  for (const path of ['/', '/r/abc', '/r/abc?x=1#y', '/admin/users']) expect(backFrom(path, HERE)).toBe(path)
  expect(backLabel('/r/abc')).toBe('Back to the room')
})

it.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/..//evil.example',
  '/./%2e//evil.example',
  'javascript:alert(1)',
  ' /r/x',
  'r/x',
  '/api/account/sign-out',
  `/${'x'.repeat(400)}`,
  '',
  ['/r/x'],
  null,
  undefined,
])('does not follow %j', (wish) => {
  expect(backFrom(wish, HERE)).toBeNull()
})
