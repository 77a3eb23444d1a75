import { describe, expect, it } from 'vitest'
import type { FloorItem, PeoplePerson, VoiceCall, VoiceSnapshot } from '@/contract'
import { eldestLive, inTheWay, linesFree, minutes, stepOf, waitingOf } from './calls'
import { limitChoices } from './settings'

const item = (id: string, person = id) => ({ id, person, kind: 'voice' }) as FloorItem
const call = (id: string, state: VoiceCall['state'] = 'live', live_at: number | null = 1) =>
  ({ id: `call ${id}`, item: id, person: id, state, live_at }) as VoiceCall
const voice = (phones: number, ...calls: VoiceCall[]) =>
  ({ settings: { phones, speak_seconds: 0 }, calls, missed: [], auto: null }) as VoiceSnapshot
const person = (more: Partial<PeoplePerson> = {}) =>
  ({ id: 'ana', muted: false, devices: ['phone'], ...more }) as PeoplePerson

it('[F6] whoever is called stands in line no more', () => {
  const line = [item('ana'), item('ben')]
  expect(waitingOf(line, voice(1))).toBe(line)
  expect(waitingOf(line, undefined)).toBe(line)
  expect(waitingOf(line, voice(1, call('ana'))).map(({ id }) => id)).toEqual(['ben'])
})

it('[F6] says why somebody cannot be called', () => {
  expect(inTheWay(item('ana'), person(), voice(1))).toBeNull()
  expect(inTheWay(item('ana'), undefined, voice(1))).toBe('Not here just now')
  expect(inTheWay(item('ana'), person({ devices: [] }), voice(1))).toBe('Not here just now')
  expect(inTheWay(item('ana'), person({ muted: true }), voice(1))).toBe('Muted')
  expect(inTheWay(item('ana'), person(), voice(1, call('ben')))).toBe('The line is busy')
  expect(inTheWay(item('ana'), person(), voice(2, call('ben')))).toBeNull()
  expect(inTheWay(item('other', 'ana'), person(), voice(2, call('ana')))).toBe('On the line already')
  expect(linesFree(voice(1, call('ana'), call('ben')))).toBe(0)
})

it('[F6] who is live for longest makes way, never who is being called', () => {
  expect(eldestLive(voice(2, call('ana', 'live', 9), call('ben', 'reconnecting', 4)))?.person).toBe('ben')
  expect(eldestLive(voice(1, call('ana', 'ringing', null)))).toBeNull()
})

it('[F6] counts in minutes, and offers what is set', () => {
  expect([0, 59.9, 60, 725, -3].map(minutes)).toEqual(['0:00', '0:59', '1:00', '12:05', '0:00'])
  expect(
    limitChoices(45)
      .map(({ label }) => label)
      .slice(0, 4),
  ).toEqual(['No limit', '30 seconds', '45 seconds', '1 minute'])
})

describe('[F4, F6] one press leads through the queue', () => {
  const text = (id: string) => ({ ...item(id), kind: 'text' }) as FloorItem
  const here =
    (...ids: string[]) =>
    (id: string) =>
      ids.includes(id) ? person({ id }) : undefined
  const short = ({ first, leaves, rings }: ReturnType<typeof stepOf>) =>
    [first?.id, leaves?.person, rings?.person].map((each) => each ?? '-').join(' ')

  it('passes over who is not here, and takes who has missed a call after the others', () => {
    const line = [item('ana'), item('ben'), item('cem')]
    expect(short(stepOf(line, voice(1), here('ben', 'cem')))).toBe('ben - -')
    const missed = { ...voice(1), missed: ['ben'] }
    expect(short(stepOf(line, missed, here('ben', 'cem')))).toBe('cem - -')
    expect(short(stepOf(line, missed, here('ben')))).toBe('ben - -')
    expect(short(stepOf(line, voice(1), here()))).toBe('- - -')
  })

  it('ends a call where its line is needed, or nobody is next', () => {
    const all = here('ana', 'ben')
    expect(short(stepOf([item('ana'), item('ben')], voice(1, call('ana')), all))).toBe('ben ana -')
    expect(short(stepOf([text('t')], voice(1, call('ana')), all))).toBe('t ana -')
    expect(short(stepOf([item('ben')], voice(2, call('ana')), all))).toBe('ben - -')
    expect(short(stepOf([text('t')], voice(2, call('ana'), call('ben')), all))).toBe('t - -')
    expect(short(stepOf([item('ana')], voice(2, call('ana')), all))).toBe('- ana -')
  })

  it('gives whoever is being called their time', () => {
    const ringing = voice(1, call('ana', 'ringing', null))
    expect(short(stepOf([item('ben')], ringing, here('ana', 'ben')))).toBe('ben - ana')
  })
})
