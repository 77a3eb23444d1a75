import { describe, expect, it } from 'vitest'
import type { CallParticipant } from '@/contract'
import { rowSigns } from './row-signs'

const somebody: CallParticipant = {
  id: 's',
  person: 'p',
  there: true,
  epoch: 1,
  joined_at: 1,
  microphone: true,
  camera: false,
  screen: false,
  screen_sound: false,
  held: [],
  hand_at: null,
}
const titles = (more: Partial<CallParticipant>, speaking = false) =>
  rowSigns({ ...somebody, ...more }, speaking).map(({ title }) => title)

describe('what the list of people says of the call [P4]', () => {
  it('says nothing of who is not in it', () => expect(rowSigns(undefined, true)).toEqual([]))

  it('says what somebody sends, and that they wait for a word', () => {
    expect(titles({})).toEqual(['microphone on'])
    expect(titles({ microphone: false, camera: true })).toEqual(['microphone off', 'camera on'])
    expect(titles({ hand_at: 5, screen: true }, true)).toEqual(['hand raised', 'speaking', 'shares a screen'])
    expect(titles({ microphone: false, held: ['microphone'] })).toEqual(['microphone held by a host'])
  })
})
