import { expect, it } from 'vitest'
import type { AuditLine } from '@/core/admin'
import { actorOf, detailsOf, sentenceOf } from './audit'

const line = (more: Partial<AuditLine>): AuditLine => ({
  id: 1,
  at: 0,
  actor: 'ana',
  actor_name: 'Ana',
  action: 'account.sign_in',
  subject: null,
  subject_name: null,
  person_name: null,
  detail: {},
  network: null,
  ...more,
})
const read = (more: Partial<AuditLine>) => {
  const said = line(more)
  const { before, subject, after } = sentenceOf(said)
  return [actorOf(said), before, subject, after].filter(Boolean).join(' ')
}

it('reads as a sentence', () => {
  expect(read({})).toBe('Ana signed in')
  expect(read({ action: 'user.admin', subject: 'ben', subject_name: 'Ben' })).toBe(
    'Ana made Ben an administrator',
  )
  expect(
    read({ action: 'room.ban', subject: 'r1', subject_name: 'Choir', person_name: 'Gil', actor_name: null }),
  ).toBe('A guest banned Gil from Choir')
})

it('says what it can of those who are gone, and of actions that are new', () => {
  expect(read({ actor: null, actor_name: null, action: 'account.delete' })).toBe(
    'Somebody who is gone deleted their account',
  )
  expect(read({ actor: null, actor_name: null, action: 'user.disable', subject: 'x' })).toBe(
    'The server or its command line disabled the account of an account that is gone',
  )
  expect(
    read({
      actor: null,
      actor_name: null,
      action: 'account.code_guessed',
      subject: 'ana',
      subject_name: 'Ana',
    }),
  ).toBe('Somebody gave the password of Ana and then only wrong codes')
  expect(read({ action: 'limits.set', subject: 'rooms', subject_name: null })).toBe(
    'Ana did “limits.set” to something that is gone',
  )
})

it('tells the details', () => {
  expect(
    detailsOf(
      line({ detail: { groups: ['a', 'b'], person: 'x', messages_deleted: 3 }, network: '10.0.0.1' }),
    ),
  ).toBe('groups: a, b · messages deleted: 3 · from 10.0.0.1')
  expect(detailsOf(line({ detail: { groups: [] } }))).toBe('groups: none')
})
