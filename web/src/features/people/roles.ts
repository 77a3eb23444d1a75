import type { PeoplePerson, Role } from '@/contract'

export const ROLE_TITLES: Record<Role, string> = {
  owner: 'Owner',
  cohost: 'Co-host',
  participant: 'Participant',
  audience: 'Audience',
}
const STANDING: Record<Role, number> = { owner: 3, cohost: 2, participant: 1, audience: 0 }

/** Hosts first, then the others, each in the order in which they came. */
export function byStanding(people: PeoplePerson[]): PeoplePerson[] {
  return [...people].sort((a, b) => STANDING[b.role] - STANDING[a.role])
}

/** Whether one may decide about the other, as the server does. */
export function mayDecideAbout(me: PeoplePerson, other: PeoplePerson): boolean {
  return STANDING[me.role] >= STANDING.cohost && STANDING[me.role] > STANDING[other.role]
}
