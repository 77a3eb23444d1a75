import { expect, test } from 'vitest'
import { hueOf, initials } from './avatar'
import { seatsFrom } from './seats'

test.each([
  ['Maren Olsen', 'MO'],
  ['ben', 'B'],
  ['Ana María de la Cruz', 'AC'],
  ['Ben (2)', 'B'],
  ['Ines 🌿', 'I🌿'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
  ['نورة', 'ن'],
  ['', ''],
])('the initials of %j are %j', (name, letters) => expect(initials(name)).toBe(letters))

test('a person keeps the colour, and people differ', () => {
  expect(hueOf('person-1')).toBe(hueOf('person-1'))
  expect(new Set(Array.from({ length: 40 }, (_, n) => hueOf(`person-${n}`))).size).toBeGreaterThan(6)
})

test.each([
  ['', null],
  ['  ', null],
  ['12', 12],
  ['1 000', 1000],
  ['10,000', 10000],
  ['0', undefined],
  ['10001', undefined],
  ['a few', undefined],
  ['-3', undefined],
])('%j seats are %j', (text, seats) => expect(seatsFrom(text)).toBe(seats))
