import { expect, it } from 'vitest'
import { ApiError } from '@/core/api'
import { failureFor, providerFailure, sentenceFor, waitWords } from './failures'

it('says how long to wait', () => {
  expect([0.2, 1, 31.4, 89, 90, 121, 900, 3600].map(waitWords)).toEqual([
    'a second',
    'a second',
    '32 seconds',
    '89 seconds',
    '2 minutes',
    '3 minutes',
    '15 minutes',
    'about an hour',
  ])
  expect(sentenceFor(new ApiError('rate_limited', 'Too much.', undefined, 31))).toBe(
    'Too many attempts. Try again in 31 seconds.',
  )
  expect(sentenceFor(new ApiError('email_taken', 'Taken.'))).toBe('Taken.')
})

it('puts an error at its field if the form has one', () => {
  const error = new ApiError('email_taken', 'Taken.', 'email')
  expect(failureFor(error, ['email', 'password'])).toEqual({ field: 'email', text: 'Taken.' })
  expect(failureFor(error, ['name'])).toEqual({ text: 'Taken.' })
  expect(() => failureFor(new TypeError('a fault'), [])).toThrow('a fault')
})

it('has a sentence for whatever the address says', () => {
  expect(providerFailure('link_expired')).toContain('took too long')
  expect(providerFailure('<b>made up</b>')).toContain('did not confirm')
  expect(providerFailure('toString')).toContain('did not confirm')
})
