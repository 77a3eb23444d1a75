import type { Wish } from './transport'

/** What two pages say to each other over their own connection, besides media. */
export interface Note {
  /** How large pictures are wanted. */
  readonly want?: Wish
  /** The camera is paused, because the line is too narrow. */
  readonly paused?: boolean
}

const LARGEST = 8_192

function size(value: unknown): readonly [number, number] | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [width, height] = value as [unknown, unknown]
  const fits = (one: unknown): one is number =>
    typeof one === 'number' && Number.isInteger(one) && one > 0 && one <= LARGEST
  return fits(width) && fits(height) ? [width, height] : undefined
}

export const writeNote = (note: Note): string => JSON.stringify(note)

/** It comes from somebody else's page, which may be any program: what does not fit is left out. */
export function readNote(text: string): Note | null {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof read !== 'object' || read === null) return null
  const { want, paused } = read as { want?: unknown; paused?: unknown }
  const note: { want?: Wish; paused?: boolean } = {}
  if (typeof want === 'object' && want !== null) {
    const { camera, screen } = want as { camera?: unknown; screen?: unknown }
    const [first, second] = [size(camera), size(screen)]
    if (first !== undefined && second !== undefined) note.want = { camera: first, screen: second }
  }
  if (typeof paused === 'boolean') note.paused = paused
  return note
}
