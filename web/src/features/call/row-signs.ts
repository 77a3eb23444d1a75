import { Hand, Lock, Mic, MicOff, MonitorUp, Video } from '@lucide/vue'
import type { Component } from 'vue'
import type { CallParticipant } from '@/contract'

export interface RowSign {
  icon: Component
  title: string
  look?: string
}

/** What the row of somebody in the list of people says of their part in the call. Nothing: they are not in it. */
export function rowSigns(participant: CallParticipant | undefined, speaking: boolean): RowSign[] {
  if (!participant) return []
  const { microphone, camera, screen, hand_at, held } = participant
  const signs: RowSign[] = []
  if (hand_at !== null) signs.push({ icon: Hand, title: 'hand raised', look: 'text-ember-ink' })
  if (held.includes('microphone'))
    signs.push({ icon: Lock, title: 'microphone held by a host', look: 'text-bad' })
  else if (speaking) signs.push({ icon: Mic, title: 'speaking', look: 'text-ember-ink' })
  else
    signs.push(microphone ? { icon: Mic, title: 'microphone on' } : { icon: MicOff, title: 'microphone off' })
  if (camera) signs.push({ icon: Video, title: 'camera on' })
  if (screen) signs.push({ icon: MonitorUp, title: 'shares a screen', look: 'text-ember-ink' })
  return signs
}
