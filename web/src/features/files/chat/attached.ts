import { shallowReactive } from 'vue'
import { useRoom } from '@/core/room'
import { tell } from '@/design/toasts'
import { sendFiles } from '../actions'
import type { Picked } from '../gather'
import { refusedBefore } from '../trouble'
import { CHAT } from '../uploads'

/** Something that goes with the next message. */
export interface Attached {
  key: number
  picked: Picked
  /** A picture of it, until it is sent or taken out. */
  picture: string | null
}

/** So many go with one message: more is better dropped among the files. */
export const MOST = 20
/** Larger pictures are not worth the memory that they take on a phone. */
const SHOWN_BELOW = 40_000_000
const SHOWN = /^image\/(png|jpeg|gif|webp|avif|bmp)$/
const UNNAMED = /^image\.(png|jpe?g|webp|gif)$/i

export const attached = shallowReactive<Attached[]>([])
let lastKey = 0

/** What is pasted has no name of its own; with the time it can be told from the others. */
export function named({ file, folder }: Picked, now = new Date()): Picked {
  const ending = UNNAMED.exec(file.name)?.[1]
  if (!ending) return { file, folder }
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-')
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.')
  const { type, lastModified } = file
  return { file: new File([file], `Picture ${day} at ${time}.${ending}`, { type, lastModified }), folder }
}

export function attach(all: Picked[]): void {
  const limits = useRoom().state.files?.limits
  for (const picked of all) {
    if (attached.length >= MOST) {
      tell(`Up to ${MOST} go with one message. Drop the others among the files.`, { look: 'bad' })
      return
    }
    const trouble = refusedBefore(picked.file.size, limits)
    if (trouble) {
      tell(`${picked.file.name}: ${trouble.message}`, { look: 'bad' })
      continue
    }
    const shown = SHOWN.test(picked.file.type) && picked.file.size < SHOWN_BELOW
    attached.push({
      key: ++lastKey,
      picked,
      picture: shown ? URL.createObjectURL(picked.file) : null,
    })
  }
}

export function takeOut(one: Attached): void {
  const place = attached.indexOf(one)
  if (place >= 0) attached.splice(place, 1)
  if (one.picture) URL.revokeObjectURL(one.picture)
}

export function takeAllOut(): void {
  for (const one of [...attached]) takeOut(one)
}

export function sendAttached(): void {
  const all = attached.map(({ picked }) => picked)
  takeAllOut()
  if (all.length) sendFiles(all, CHAT)
}
