import {
  ArrowUpFromLine,
  Ban,
  Crown,
  Eye,
  MessageSquare,
  MessageSquareOff,
  UserRound,
  UserPlus,
  UserRoundMinus,
} from '@lucide/vue'
import type { Commands, PeoplePerson, PeopleSetRole } from '@/contract'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import type { MenuEntry } from '@/design/menu'
import { tell, tellError } from '@/design/toasts'
import { features } from '@/features'
import { mayDecideAbout } from './roles'

type Name = Extract<keyof Commands, `people.${string}` | 'rooms.invite_person'>

/** Sends a command and says in a toast what came of it. */
async function act<N extends Name>(name: N, payload: Commands[N]['payload'], done: string): Promise<void> {
  try {
    await useRoom().send(name, payload)
    tell(done, { look: 'good' })
  } catch (error) {
    tellError(error)
  }
}

const ROLES: { role: PeopleSetRole['role']; icon: typeof Eye; label: string; done: string }[] = [
  { role: 'cohost', icon: ArrowUpFromLine, label: 'Make co-host', done: 'is a co-host now' },
  { role: 'participant', icon: UserRound, label: 'Make participant', done: 'is a participant now' },
  { role: 'audience', icon: Eye, label: 'Make audience', done: 'is in the audience now' },
]

function standing({ id, name, role, muted }: PeoplePerson): MenuEntry[] {
  const entries: MenuEntry[] = ROLES.filter((one) => one.role !== role).map((one) => ({
    label: one.label,
    icon: one.icon,
    run: () => void act('people.role', { person: id, role: one.role }, `${name} ${one.done}.`),
  }))
  entries.push({
    label: muted ? 'Let write again' : 'Mute in the chat',
    icon: muted ? MessageSquare : MessageSquareOff,
    run: () =>
      void act(
        'people.mute',
        { person: id, muted: !muted },
        muted ? `${name} may write again.` : `${name} is muted in the chat.`,
      ),
  })
  // Where only invited people come in, whoever is here may be told to come back.
  if (useRoom().state.rooms?.room.admission === 'invited')
    entries.push({
      label: 'Invite to come back',
      icon: UserPlus,
      run: () => void act('rooms.invite_person', { person: id }, `${name} is invited.`),
    })
  return entries
}

async function handOver({ id, name }: PeoplePerson): Promise<void> {
  const { yes } = await ask({
    title: `Hand the room over to ${name}?`,
    text: 'They become the owner, and you become a co-host. Only they can give it back.',
    action: 'Hand over',
  })
  if (yes) await act('people.hand_over', { person: id }, `${name} owns the room now.`)
}

async function remove({ id, name }: PeoplePerson): Promise<void> {
  const { yes } = await ask({
    title: `Send ${name} out?`,
    text: 'They cannot come back until a host lets them in again.',
    action: 'Send out',
    danger: true,
  })
  if (yes) await act('people.remove', { person: id }, `${name} was sent out.`)
}

async function ban({ id, name }: PeoplePerson): Promise<void> {
  const { yes, checked } = await ask({
    title: `Ban ${name}?`,
    text: 'They are sent out for good. Only the owner can lift it.',
    action: 'Ban',
    danger: true,
    check: 'Also delete all they wrote',
  })
  if (yes) await act('people.ban', { person: id, delete_messages: checked }, `${name} is banned.`)
}

/** What one may do with another person; empty when nothing. */
export function personMenu(me: PeoplePerson | null, person: PeoplePerson): MenuEntry[][] {
  const own = features.flatMap((feature) => feature.personMenu?.(person) ?? [])
  if (!me || !mayDecideAbout(me, person)) return own.length > 0 ? [own] : []
  const last: MenuEntry[] = [
    { label: 'Send out…', icon: UserRoundMinus, danger: true, run: () => void remove(person) },
    { label: 'Ban…', icon: Ban, danger: true, run: () => void ban(person) },
  ]
  const owner: MenuEntry[] =
    me.role === 'owner'
      ? [{ label: 'Hand the room over…', icon: Crown, run: () => void handOver(person) }]
      : []
  return [own, standing(person), owner, last].filter((group) => group.length > 0)
}
