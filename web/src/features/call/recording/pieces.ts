import { useRoom } from '@/core/room'
import { useCall } from '../engine'
import { cameraOf, screenOf } from '../tiles'
import type { Piece } from './paint'

/** Everybody in the call and what they share, oneself first: whatever this window shows of it. */
export function piecesNow(): Piece[] {
  const room = useRoom()
  const call = useCall()
  const me = room.me?.id ?? ''
  const { camera, screen, microphone } = call.own
  const mine = { own: true, seat: call.seat ?? 'me', person: me, name: room.me?.name ?? '' }
  const cameras: Piece[] = [
    {
      ...mine,
      id: cameraOf(mine.seat),
      kind: 'camera',
      stream: camera.on ? camera.stream : null,
      muted: !microphone.on,
    },
  ]
  const screens: Piece[] = []
  if (screen.on)
    screens.push({ ...mine, id: screenOf(mine.seat), kind: 'screen', stream: screen.stream, muted: false })
  for (const peer of call.peers) {
    const theirs = {
      own: false,
      seat: peer.seat,
      person: peer.person,
      name: room.person(peer.person)?.name ?? 'Somebody',
    }
    const muted = peer.microphone === 'off' || peer.microphone === 'held'
    cameras.push({ ...theirs, id: cameraOf(peer.seat), kind: 'camera', stream: peer.cameraStream, muted })
    if (peer.screenStream)
      screens.push({
        ...theirs,
        id: screenOf(peer.seat),
        kind: 'screen',
        stream: peer.screenStream,
        muted: false,
      })
  }
  return [...cameras, ...screens]
}
