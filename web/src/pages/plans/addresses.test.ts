import { expect, test } from 'vitest'
import { addressesIn, invitedIn, joined, looksLikeAddress } from './addresses'

test.each([
  ['ben@example.org', ['ben@example.org']],
  [
    'ben@example.org, ines@example.org;noor@example.org',
    ['ben@example.org', 'ines@example.org', 'noor@example.org'],
  ],
  ['"Olsen, Ben" <ben@example.org>, Ines <ines@example.org>', ['ben@example.org', 'ines@example.org']],
  [
    'To:\tBen (work) <ben.o+salon@mail.example.co.uk>\r\nCc: ines@example.org',
    ['ben.o+salon@mail.example.co.uk', 'ines@example.org'],
  ],
  ['Write to mailto:ben@example.org, or to ines@example.org.', ['ben@example.org', 'ines@example.org']],
  ['Ben@Example.org ben@example.org', ['Ben@Example.org']],
  ['name|ben@example.org|Oslo', ['ben@example.org']],
  [
    '‘ben@example.org’ [ines@example.org] *noor@example.org*',
    ['ben@example.org', 'ines@example.org', 'noor@example.org'],
  ],
  ['jürgen@exämple.de', ['jürgen@exämple.de']],
  ['no address here, ben@ or @example.org or a@b', []],
  ['', []],
])('the addresses in %j are %j', (text, found) => expect(addressesIn(text)).toEqual(found))

test('what is no address is kept and marked, so that nothing that was typed disappears', () => {
  expect(invitedIn('ben')).toEqual([{ text: 'ben', good: false }])
  expect(invitedIn('ben@example')).toEqual([{ text: 'ben@example', good: false }])
  expect(invitedIn(' , ;')).toEqual([])
})

test('beside addresses, names are not meant, but broken addresses are', () => {
  expect(invitedIn('Ben Olsen <ben@example.org>; Ines')).toEqual([{ text: 'ben@example.org', good: true }])
  expect(invitedIn('ben@example.org; ines@example')).toEqual([
    { text: 'ben@example.org', good: true },
    { text: 'ines@example', good: false },
  ])
})

test('who is in the list is not added again', () => {
  const have = [{ text: 'ben@example.org', good: true }]
  expect(joined(have, invitedIn('BEN@example.org, ines@example.org')).map(({ text }) => text)).toEqual([
    'ben@example.org',
    'ines@example.org',
  ])
})

test('an address has a host with a dot, and an end', () => {
  expect(looksLikeAddress('a@b.no')).toBe(true)
  expect(looksLikeAddress('a@b')).toBe(false)
  expect(looksLikeAddress(`${'a'.repeat(250)}@b.no`)).toBe(false)
})

test('a large paste is read at once', () => {
  const many = Array.from({ length: 500 }, (_, n) => `Person ${n} <p${n}@example.org>`).join(', ')
  expect(addressesIn(many)).toHaveLength(500)
})
