import { expect, it } from 'vitest'
import type { Limits } from '@/core/site-admin'
import { numbersFrom } from './limits'

const NOW: Limits = {
  rooms_need_account: false,
  sign_ups_open: true,
  largest_room: null,
  rooms_per_hour: 120,
  sign_ups_per_hour: 60,
}

it('[P6] orders only what was changed', () => {
  const texts = { largest_room: '', rooms_per_hour: '120', sign_ups_per_hour: ' 5 ' }
  expect(numbersFrom(texts, NOW)).toEqual({ orders: { sign_ups_per_hour: 5 }, wrong: {} })
  expect(numbersFrom({ ...texts, sign_ups_per_hour: '' }, NOW).orders).toEqual({ sign_ups_per_hour: null })
})

it('[P6] knows numbers', () => {
  const texts = { largest_room: '20000', rooms_per_hour: 'many', sign_ups_per_hour: '0' }
  expect(Object.keys(numbersFrom(texts, NOW).wrong)).toEqual([
    'largest_room',
    'rooms_per_hour',
    'sign_ups_per_hour',
  ])
})
