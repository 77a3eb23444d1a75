import type { Arrival, Grade, LinkState, Medium, Own, Peer } from './engine/types'

/** What is to be said of somebody in the call besides their name, for their tile and their row. */
export type Mark =
  | 'hand'
  | 'microphone_off'
  | 'microphone_held'
  | 'microphone_missing'
  | 'camera_missing'
  | 'camera_held'
  | 'camera_paused'
  | 'connecting'
  | 'reconnecting'
  | 'failed'
  | 'fair'
  | 'poor'

export const MARK_WORDS: Record<Mark, string> = {
  hand: 'hand raised',
  microphone_off: 'microphone off',
  microphone_held: 'microphone held by a host',
  microphone_missing: 'no sound arrives',
  camera_missing: 'no picture arrives',
  camera_held: 'camera held by a host',
  camera_paused: 'picture paused, the line is narrow',
  connecting: 'connecting',
  reconnecting: 'reconnecting',
  failed: 'no way through yet',
  fair: 'slow connection',
  poor: 'poor connection',
}

function ofMicrophone(state: Arrival): Mark[] {
  if (state === 'held') return ['microphone_held']
  if (state === 'off') return ['microphone_off']
  return state === 'missing' ? ['microphone_missing'] : []
}
function ofCamera(state: Arrival): Mark[] {
  if (state === 'held') return ['camera_held']
  if (state === 'missing') return ['camera_missing']
  return state === 'paused' ? ['camera_paused'] : []
}
const LINKS: Partial<Record<LinkState, Mark>> = {
  waiting: 'reconnecting',
  connecting: 'connecting',
  reconnecting: 'reconnecting',
  failed: 'failed',
}
const GRADES: Partial<Record<Grade, Mark>> = { fair: 'fair', poor: 'poor', lost: 'reconnecting' }

/** While there is no connection, what does not arrive over it goes without saying. */
export function marksOfPeer(peer: Peer): Mark[] {
  const hand: Mark[] = peer.handAt === null ? [] : ['hand']
  const link = LINKS[peer.link]
  const off = ofMicrophone(peer.microphone).filter((mark) => mark !== 'microphone_missing')
  if (link) return [...hand, link, ...off]
  const grade = GRADES[peer.quality]
  return [...hand, ...(grade ? [grade] : []), ...ofMicrophone(peer.microphone), ...ofCamera(peer.camera)]
}

export function marksOfOwn(own: Own, away: boolean): Mark[] {
  const held = (medium: Exclude<Medium, 'screen'>): Mark[] => (own[medium].held ? [`${medium}_held`] : [])
  return [
    ...(own.hand ? (['hand'] as const) : []),
    ...(away ? (['reconnecting'] as const) : []),
    ...(own.microphone.held || own.microphone.on ? held('microphone') : (['microphone_off'] as const)),
    ...held('camera'),
  ]
}
