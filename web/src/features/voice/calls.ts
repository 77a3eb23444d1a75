import type { FloorItem, PeoplePerson, VoiceCall, VoiceSnapshot } from '@/contract'

/** Without those who are being called: they stand elsewhere on the page. */
export function waitingOf(line: FloorItem[], voice: VoiceSnapshot | undefined): FloorItem[] {
  const called = new Set(voice?.calls.map(({ item }) => item))
  return called.size ? line.filter(({ id }) => !called.has(id)) : line
}

export const linesFree = (voice: VoiceSnapshot | undefined): number =>
  voice ? Math.max(0, voice.settings.phones - voice.calls.length) : 0

const AWAY = 'Not here just now'
const MUTED = 'Muted'
const ON_THE_LINE = 'On the line already'
/** A free line would change nothing about these. */
const NEVER = new Set([AWAY, MUTED, ON_THE_LINE])

/** Why a request cannot be called just now, in a few words; null when it can. */
export function inTheWay(
  item: FloorItem,
  person: PeoplePerson | undefined,
  voice: VoiceSnapshot | undefined,
): string | null {
  if (!person || person.devices.length === 0) return AWAY
  if (person.muted) return MUTED
  if (voice?.calls.some((call) => call.person === item.person)) return ON_THE_LINE
  return linesFree(voice) > 0 ? null : 'The line is busy'
}

/** Which call makes way for the next one: the one that is live for longest. Those that ring are given their time. */
export const eldestLive = (voice: VoiceSnapshot | undefined): VoiceCall | null =>
  voice?.calls
    .filter(({ state }) => state !== 'ringing')
    .sort((a, b) => (a.live_at ?? 0) - (b.live_at ?? 0))[0] ?? null

/** 0:42, 12:05. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/**
 * What a press on "next" comes to. `first`: what comes up; whoever is not here keeps the place and is passed over, and whoever has
 * missed a call comes after the others. `leaves`: the call that ends for it. `rings`: the line is not free, for somebody is called.
 */
export function stepOf(
  line: FloorItem[],
  voice: VoiceSnapshot | undefined,
  person: (id: string) => PeoplePerson | undefined,
): { first: FloorItem | null; leaves: VoiceCall | null; rings: VoiceCall | null } {
  const may = waitingOf(line, voice).filter(
    (item) => item.kind === 'text' || !NEVER.has(inTheWay(item, person(item.person), voice) ?? ''),
  )
  const first = may.find(({ id }) => !voice?.missed.includes(id)) ?? may[0] ?? null
  const busy = (voice?.calls.length ?? 0) > 0 && linesFree(voice) === 0
  // With one phone all goes one after the other, written questions as well; with several, these need no line.
  const needed = first?.kind !== 'text' || voice?.settings.phones === 1
  const leaves = (busy && needed) || !first ? eldestLive(voice) : null
  const rings = busy && needed && first && !leaves ? (voice?.calls[0] ?? null) : null
  return { first, leaves, rings }
}
