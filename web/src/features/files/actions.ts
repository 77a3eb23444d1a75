import { until } from '@vueuse/core'
import type { FilesFile } from '@/contract'
import { useRoom } from '@/core/room'
import { ask } from '@/design/ask'
import { tell, tellError } from '@/design/toasts'
import type { Picked } from './gather'
import { sentHere, uploads } from './hub'
import { archiveHref, fileHref } from './sender'
import { mayDelete } from './shown'
import { refusedBefore } from './trouble'
import { EVERYONE, type Target } from './uploads'

const order = new Intl.Collator(undefined, { numeric: true })
const pathOf = ({ file, folder }: Picked) => `${folder}/${file.name}`

export function sendFiles(picked: Picked[], target: Target = EVERYONE): void {
  const limits = useRoom().state.files?.limits
  // Systems give what lies in folders in any order.
  const sorted = picked.some(({ folder }) => folder !== '')
    ? [...picked].sort((a, b) => order.compare(pathOf(a), pathOf(b)))
    : picked
  uploads.value?.add(sorted, target, ({ file }) => refusedBefore(file.size, limits))
}

/** Folders are made by what lies in them: one with nothing in it does not come along. */
export const tellEmpty = (folders: number): void =>
  void tell(
    folders === 1
      ? 'An empty folder was left out.'
      : `${folders.toLocaleString()} empty folders were left out.`,
  )

/** Sends what a drop or a picker gives, when it has been read. */
export async function sendFound(found: Promise<Picked[]>, target: Target = EVERYONE): Promise<void> {
  try {
    const picked = await found
    if (picked.length) sendFiles(picked, target)
    else tell('There is no file in it.', { look: 'bad' })
  } catch {
    tell('That could not be read on this device. Choose it with the button instead.', { look: 'bad' })
  }
}

/** Tells whether it was sent. */
export async function sendText(text: string, target: Target = EVERYONE): Promise<boolean> {
  try {
    const { file } = await useRoom().send('files.text', {
      text,
      ...(target.to ? { to: target.to } : {}),
      ...(target.device ? { device: target.device } : {}),
    })
    sentHere.add(file)
    return true
  } catch (error) {
    tellError(error)
    return false
  }
}

/** Tells whether it was answered. */
export async function answerOffer(files: FilesFile[], accept: boolean): Promise<boolean> {
  const room = useRoom()
  try {
    await Promise.all(files.map((file) => room.send('files.answer', { file: file.id, accept })))
    return true
  } catch (error) {
    tellError(error)
    return false
  }
}

const HEARD_MS = 2_000

/** Saves what was accepted and is all there on this device; dropped texts are to be read and copied. */
export async function saveHere(files: FilesFile[]): Promise<void> {
  const room = useRoom()
  const link = room.state.rooms?.room.link ?? ''
  const wanted = new Set(files.map(({ id }) => id))
  const now = () => room.state.files?.direct.filter(({ id }) => wanted.has(id)) ?? []
  // What it is, is told with the acceptance.
  await until(() => now().every(({ accepted }) => accepted)).toBe(true, { timeout: HEARD_MS })
  const here = now().flatMap(({ id, ready, text, accepted }) =>
    ready && accepted && text === null ? id : [],
  )
  if (!here[0]) return
  const way = document.createElement('a')
  way.href = here.length === 1 ? fileHref(link, here[0]) : archiveHref(link, here)
  way.download = ''
  way.click()
}

/** At most so many in one command. */
const TOGETHER = 500

/** Asks, and deletes those that are mine to delete. Tells whether it was done. */
export async function deleteFiles(files: FilesFile[]): Promise<boolean> {
  const room = useRoom()
  const mine = files.filter((file) => mayDelete(file, room.me?.id ?? '', room.isHost))
  const only = mine[0]
  if (!only) {
    tell('Only whoever put them here, or a host, may delete these.', { look: 'bad' })
    return false
  }
  const left = files.length - mine.length
  const subject = mine.length === 1 ? 'It goes' : 'They go'
  const goes = mine.every(({ to }) => to !== null) ? `${subject} for both of you` : `${subject} for everyone`
  const { yes } = await ask({
    title: mine.length === 1 ? `Delete ${only.name}?` : `Delete ${mine.length.toLocaleString()} files?`,
    text: `${goes}, and cannot be brought back.${left ? ` ${left.toLocaleString()} of others stay.` : ''}`,
    action: 'Delete',
    danger: true,
  })
  if (!yes) return false
  try {
    for (let start = 0; start < mine.length; start += TOGETHER)
      await room.send('files.delete', { files: mine.slice(start, start + TOGETHER).map(({ id }) => id) })
    return true
  } catch (error) {
    tellError(error)
    return false
  }
}
