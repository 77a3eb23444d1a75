import type { FilesLimits } from '@/contract'
import { sizeOf } from '@/design/sizes'

/** What went wrong with an upload. */
export interface Trouble {
  /** It is worth trying again by itself: the network was lost, or the server is busy. */
  passing: boolean
  /** What it is and what to do, in a sentence or two. */
  message: string
}

interface Said {
  code: string
  message: string
  size?: number
  limit?: number
  free?: number
}

const LOST: Trouble = { passing: true, message: 'The connection is lost. It goes on by itself.' }
const PASSING = new Set([
  'offset_wrong',
  'upload_busy',
  'unavailable',
  'internal',
  'rate_limited',
  'too_many',
])
const GONE = 'It was deleted, or has waited too long. Drop it again to send it anew.'

/** How an answer that was not yes is told; status 0 is none at all. */
export function troubleOf(status: number, body: string): Trouble {
  const said = read(body)
  if (said) return PASSING.has(said.code) ? LOST : { passing: false, message: sentenceOf(said) }
  if (status === 404 || status === 410) return { passing: false, message: GONE }
  if (status === 401 || status === 403)
    return { passing: false, message: 'You may not put files into this room any more.' }
  if (status === 507)
    return { passing: false, message: 'The server has no place for it. Delete something first, then retry.' }
  if (status === 413) return { passing: false, message: 'It is larger than the server takes.' }
  if (status > 0 && status < 500 && ![408, 409, 423, 425, 429].includes(status))
    return { passing: false, message: 'The server did not take it. Retry, or drop it again.' }
  return LOST
}

function read(body: string): Said | null {
  try {
    const said = JSON.parse(body) as Said | null
    return typeof said?.code === 'string' ? said : null
  } catch {
    return null
  }
}

function sentenceOf(said: Said): string {
  const [size, limit, free] = [said.size, said.limit, said.free].map((bytes) => sizeOf(bytes ?? 0))
  switch (said.code) {
    case 'file_too_large':
      return tooLarge(said.size ?? 0, said.limit ?? 0)
    case 'room_files_full':
      return `It has ${size}, and the room has place for ${free} more of ${limit}. Delete something first, then retry.`
    case 'server_files_full':
      return `It has ${size}, and this server has place for ${free} more. Whoever runs it can make room.`
    case 'disk_full':
      return `It has ${size}, and the server’s disk has place for ${free} more. What is here already is safe.`
    case 'files_too_many':
      return 'The room has as many files as it may have. Delete some first, then retry, or send several as one ZIP.'
    case 'uploads_closed':
      return 'Only some may put files into this room now. Ask a host to let you.'
    case 'upload_over':
    case 'file_unknown':
      return GONE
    case 'device_unknown':
      return 'That device is not here any more. Choose another one.'
    case 'person_unknown':
      return 'That person is not here any more.'
    case 'checksum_wrong':
      return 'Something was damaged on the way. Retry to send it anew.'
    case 'activity_off':
      return 'Files are switched off in this room.'
    default:
      return said.message
  }
}

const tooLarge = (size: number, limit: number): string =>
  `It has ${sizeOf(size)}, and a file may have ${sizeOf(limit)} here. Split it, or make it smaller.`

/** What can be said before anything is sent. */
export function refusedBefore(size: number, limits: FilesLimits | undefined): Trouble | null {
  if (!limits || size <= limits.file) return null
  return { passing: false, message: tooLarge(size, limits.file) }
}

export const UNREADABLE: Trouble = {
  passing: false,
  message: 'This device cannot read it any more: it was changed, moved or deleted. Choose it again.',
}
