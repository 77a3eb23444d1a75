import type { Admission } from '@/core/api'

/** Who may come into a room, as the page says it. */
export const RULES: { value: Admission; label: string; hint: string }[] = [
  { value: 'open', label: 'Anyone', hint: 'Whoever has the link, the PIN or the QR code.' },
  { value: 'knock', label: 'Whoever you let in', hint: 'People knock, and a host answers each of them.' },
  { value: 'invited', label: 'Invited people', hint: 'Accounts with an address that you invite.' },
  { value: 'groups', label: 'Groups', hint: 'Accounts that an administrator has put into a group.' },
  { value: 'locked', label: 'Nobody', hint: 'The room is locked. Only hosts come in.' },
]

export type AdmissionChoice = Admission | 'usual'

/** What one may choose before the room is there; groups are chosen in it. */
export const AT_CREATION: { value: AdmissionChoice; label: string }[] = [
  { value: 'usual', label: 'As usual: anyone, in Study whoever you let in' },
  { value: 'open', label: 'Anyone with the link or PIN' },
  { value: 'knock', label: 'Whoever you let in' },
  { value: 'invited', label: 'Invited people' },
]

const AT_DOOR: Record<Admission, string> = {
  open: '',
  knock: 'Whoever comes knocks first, and a host answers.',
  invited: 'Only invited people come in.',
  groups: 'Only people of certain groups come in.',
  locked: 'The room is locked: nobody comes in just now.',
}

/** What to tell those who pass the link on; empty where whoever has it comes in. */
export function atTheDoor(admission: Admission, password: boolean): string {
  const besides = password && admission !== 'locked' ? 'The password is needed.' : ''
  return [AT_DOOR[admission], besides].filter(Boolean).join(' ')
}
