import { expect, it } from 'vitest'
import { codesAsText, grouped } from './second-factor'

it('[P2] groups a key so that it can be typed', () => {
  expect(grouped('ABCDEFGHIJ')).toBe('ABCD EFGH IJ')
  expect(grouped('ABCDEFGH')).toBe('ABCD EFGH')
  expect(grouped('')).toBe('')
})

it('[P2] writes recovery codes down with whose they are', () => {
  const text = codesAsText(['ABCD-EFGH-JKMN', '1234-5678-90AB'], 'ana@example.org')
  expect(text.split('\n').slice(-3)).toEqual(['ABCD-EFGH-JKMN', '1234-5678-90AB', ''])
  expect(text).toContain('Account: ana@example.org')
  expect(codesAsText([], null)).not.toContain('Account')
})
