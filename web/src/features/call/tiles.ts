import { computed, type ComputedRef } from 'vue'
import { callHideSelf } from '@/core/device'
import { useRoom } from '@/core/room'
import { useCall, type Arrival, type Peer } from './engine'
import type { Candidate } from './layout'

/** One picture on the stage: somebody's camera (or their letters), or what they share. */
export interface Tile extends Candidate {
  seat: string
  person: string
  name: string
  stream: MediaStream | null
  /** How the picture arrives. One's own is there or off. */
  picture: Arrival
  /** Null: it is oneself. */
  peer: Peer | null
}

export const cameraOf = (seat: string) => `camera:${seat}`
export const screenOf = (seat: string) => `screen:${seat}`
/** Stands in for the others while there are none. */
export const NOBODY = 'nobody'

const isShared = (screen: Arrival) => screen !== 'off' && screen !== 'held'

function ofPeer(peer: Peer, name: string): Tile[] {
  const both = { seat: peer.seat, person: peer.person, name, own: false, peer }
  const camera: Tile = {
    ...both,
    id: cameraOf(peer.seat),
    kind: 'camera',
    stream: peer.cameraStream,
    picture: peer.camera,
  }
  if (!isShared(peer.screen)) return [camera]
  const screen: Tile = {
    ...both,
    id: screenOf(peer.seat),
    kind: 'screen',
    stream: peer.screenStream,
    picture: peer.screen,
  }
  return [camera, screen]
}

/** Everything that can stand on the stage: oneself first, then the others as they came, then screens as they were shared. */
export function useTiles(): ComputedRef<Tile[]> {
  const room = useRoom()
  const call = useCall()
  const nameOf = (person: string) => room.person(person)?.name ?? 'Somebody'
  // In the order in which each was first seen: who shares later comes later, whoever they are.
  let sharing: string[] = []

  return computed(() => {
    const found = call.peers.flatMap((peer) => ofPeer(peer, nameOf(peer.person)))
    const screens = found.filter(({ kind }) => kind === 'screen')
    const now = screens.map(({ id }) => id)
    sharing = [...sharing.filter((id) => now.includes(id)), ...now.filter((id) => !sharing.includes(id))]
    const cameras = found.filter(({ kind }) => kind === 'camera')
    const shared = sharing.map((id) => screens.find((tile) => tile.id === id)!)
    const { camera } = call.own
    const own: Tile = {
      id: cameraOf(call.seat ?? 'me'),
      kind: 'camera',
      own: true,
      seat: call.seat ?? 'me',
      person: room.me?.id ?? '',
      name: room.me?.name ?? 'You',
      stream: camera.on ? camera.stream : null,
      picture: camera.on ? 'here' : 'off',
      peer: null,
    }
    // Alone there is nobody else to see.
    const hidden = callHideSelf.value && cameras.length > 0
    return [...(hidden ? [] : [own]), ...cameras, ...shared]
  })
}
