import type { VoiceCall } from '@/contract'

/** What a person's page shows of the call to them. */
export type PhoneView = 'none' | 'ringing' | 'screen' | 'live' | 'elsewhere' | 'free'

/**
 * `ringing`: on all pages of the person. `screen`: this very page would play it, and cannot answer. `live`: this page speaks.
 * `elsewhere`: another one does. `free`: nobody does just now, and this page may take it.
 */
export function viewOf(
  call: VoiceCall | undefined,
  here: { phone: boolean; screen: boolean; leaving: string | null },
): PhoneView {
  if (!call || here.leaving === call.id) return 'none'
  if (call.state === 'ringing') return here.screen ? 'screen' : 'ringing'
  if (here.phone) return 'live'
  if (here.screen) return 'none'
  return call.phone_there ? 'elsewhere' : 'free'
}

/** What is in the way of being heard, in the order of what is to be done about it; null when nothing is. */
export type Hindrance = 'offline' | 'silent' | 'away' | 'connecting' | 'paused' | 'muted' | 'own' | null

/**
 * `offline`: this page has lost the server. `silent`: there is no microphone. `away`: the host's screen is not there.
 * `connecting`: the way to it is being looked for. `paused`: the system has stopped the microphone. `muted`: a host has
 * muted the person. `own`: they have done so themselves.
 */
export function hindranceOf(now: {
  online: boolean
  microphone: boolean
  call: Pick<VoiceCall, 'screen_there' | 'phone_there' | 'muted'>
  connected: boolean
  paused: boolean
  ownMute: boolean
}): Hindrance {
  if (!now.online || !now.call.phone_there) return 'offline'
  if (!now.microphone) return 'silent'
  if (!now.call.screen_there) return 'away'
  if (!now.connected) return 'connecting'
  if (now.paused) return 'paused'
  if (now.call.muted) return 'muted'
  return now.ownMute ? 'own' : null
}

/** Minutes and seconds: 0:07, 2:30, 61:00. */
export function clockFace(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const LOUD = 0.35
const QUIET_AFTER_MS = 6_000

/** Whether the microphone hears somebody, told rarely: at the first sound, and after seconds without any. */
export class Hearing {
  private heardAt: number
  hears: boolean | null = null

  constructor(now: number) {
    this.heardAt = now
  }

  /** Takes a level, 0 to 1, and tells whether what it says is another thing than before. */
  take(level: number, now: number): boolean {
    const before = this.hears
    if (level >= LOUD) {
      this.heardAt = now
      this.hears = true
    } else if (now - this.heardAt >= QUIET_AFTER_MS) this.hears = false
    return this.hears !== before
  }
}
