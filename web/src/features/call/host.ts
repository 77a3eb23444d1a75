import { CameraOff, DoorOpen, Hand, Mic, MicOff, ScreenShareOff, Video } from '@lucide/vue'
import type { CallHold, CallParticipant, PeoplePerson } from '@/contract'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import type { MenuEntry } from '@/design/menu'
import { tell, tellError } from '@/design/toasts'
import { mayDecideAbout } from '../people/roles'

/** What hosts may decide about others in the call. The server enforces all of it. */
export type What = CallHold['what']

export const WHATS: { what: What; name: string; sends: string; icon: typeof MicOff; back: typeof Mic }[] = [
  { what: 'microphone', name: 'microphone', sends: 'speak', icon: MicOff, back: Mic },
  { what: 'camera', name: 'camera', sends: 'show themselves', icon: CameraOff, back: Video },
  { what: 'screen', name: 'screen', sends: 'share a screen', icon: ScreenShareOff, back: Video },
]

export const participantOf = (person: string): CallParticipant | undefined =>
  useRoom().state.call?.participants.find((each) => each.person === person)

/** What a host holds of somebody by hand; not what their role keeps from them. */
export const holdsOf = (person: string): readonly What[] =>
  useRoom().state.call?.holds.find((each) => each.person === person)?.what ?? []

export const mayHold = (person: PeoplePerson | undefined): boolean => {
  const { me } = useRoom()
  return me !== null && person !== undefined && mayDecideAbout(me, person)
}

export async function hold(person: string | null, what: What, on: boolean): Promise<void> {
  await useRoom().send('call.hold', { person, what, on }).catch(tellError)
}
export async function lowerHand(person: string): Promise<void> {
  await useRoom().send('call.lower_hand', { person }).catch(tellError)
}
export async function lowerHands(): Promise<void> {
  await useRoom().send('call.lower_hands', {}).catch(tellError)
}

export async function sendOut({ id, name }: PeoplePerson): Promise<void> {
  const { yes } = await ask({
    title: `End the call for ${name}?`,
    text: 'They stay in the room, and may join the call again.',
    action: 'End it for them',
    danger: true,
  })
  if (!yes) return
  try {
    await useRoom().send('call.send_out', { person: id })
    tell(`${name} is out of the call.`, { look: 'good' })
  } catch (error) {
    tellError(error)
  }
}

/** For the menus of a person: in their tile, and in the list of people. Empty when one may not. */
export function hostEntries(person: PeoplePerson | undefined): MenuEntry[] {
  if (!person || !mayHold(person)) return []
  const inCall = participantOf(person.id)
  const holds = holdsOf(person.id)
  if (!inCall && holds.length === 0) return []
  const entries = WHATS.filter(({ what }) => inCall || holds.includes(what)).map(
    ({ what, name, icon, back }): MenuEntry => {
      const held = holds.includes(what)
      return {
        label: held ? `Allow the ${name} again` : `Hold the ${name}`,
        icon: held ? back : icon,
        run: () => void hold(person.id, what, !held),
      }
    },
  )
  if (inCall?.hand_at != null)
    entries.push({ label: 'Lower the hand', icon: Hand, run: () => void lowerHand(person.id) })
  if (inCall)
    entries.push({
      label: 'End the call for them…',
      icon: DoorOpen,
      danger: true,
      run: () => void sendOut(person),
    })
  return entries
}
