import { computed, shallowRef } from 'vue'
import type { FilesFile } from '@/contract'
import { useRoom } from '@/core/room'
import type { ChatEntry } from '../../feature'
import { coming, cut, uploads } from '../hub'
import type { CutOff } from '../sender'
import { kindText } from '../shown'
import type { Upload } from '../uploads'

/** A file among the messages: here, deleted while one looked on, on its way from this page or another, or cut off. */
export type About =
  | { kind: 'file'; file: FilesFile }
  | { kind: 'gone' }
  | { kind: 'upload'; upload: Upload }
  | { kind: 'coming'; id: string }
  | { kind: 'cut'; cut: CutOff }
export interface FileEntry extends ChatEntry {
  about: About
}

/** Deleted since the chat was opened: they keep their place, so that nothing moves under the reader. */
export const gone = shallowRef<readonly FilesFile[]>([])

const ofFile = new WeakMap<FilesFile, FileEntry>()
const ofGone = new WeakMap<FilesFile, FileEntry>()
const ofUpload = new WeakMap<Upload, FileEntry>()
const ofCut = new WeakMap<CutOff, FileEntry>()

function once<Key extends object>(
  known: WeakMap<Key, FileEntry>,
  key: Key,
  make: () => FileEntry,
): FileEntry {
  const entry = known.get(key) ?? make()
  known.set(key, entry)
  return entry
}

const fileEntry = (file: FilesFile): FileEntry =>
  once(ofFile, file, () => ({
    id: file.id,
    author: file.author,
    name: file.person,
    at: file.at,
    pending: false,
    label: `${kindText(file)} ${file.name}`,
    about: { kind: 'file', file },
  }))

const goneEntry = (file: FilesFile): FileEntry =>
  once(ofGone, file, () => ({ ...fileEntry(file), label: 'File deleted', about: { kind: 'gone' } }))

function pendingEntry(id: string, author: string, label: string, about: About): FileEntry {
  const room = useRoom()
  return { id, author, name: room.person(author)?.name ?? '', at: room.now(), pending: true, label, about }
}

/** The server gives an upload its id: from then on it is the file that it will be. */
function uploadEntry(upload: Upload, me: string): FileEntry {
  const id = upload.file ?? `new-${upload.key}`
  const before = ofUpload.get(upload)
  if (before?.id === id) return before
  const about: About = { kind: 'upload', upload }
  const entry = { ...pendingEntry(id, me, `Sending ${upload.name}`, about), ...(before && { at: before.at }) }
  ofUpload.set(upload, entry)
  return entry
}

const cutEntry = (one: CutOff, me: string): FileEntry =>
  once(ofCut, one, () => pendingEntry(one.file, me, `${one.name}, cut off`, { kind: 'cut', cut: one }))

/** What comes tells so ten times a second; it is an entry of its own only when another one comes or goes. */
let ofComing = new Map<string, FileEntry>()
const comingEntries = computed<FileEntry[]>((before) => {
  const here = [...coming.value.values()].filter(({ chat }) => chat)
  const next = new Map<string, FileEntry>()
  for (const { id, author, name } of here) {
    const known = ofComing.get(id)
    next.set(id, known ?? pendingEntry(id, author, `${name} is coming`, { kind: 'coming', id }))
  }
  ofComing = next
  const now = [...next.values()]
  const same = before?.length === now.length && now.every((entry, at) => entry === before[at])
  return same ? before : now
})

export function entries(): readonly FileEntry[] {
  const room = useRoom()
  const me = room.me?.id ?? ''
  const here = (room.state.files?.files ?? []).filter(({ chat, ready }) => chat && ready)
  const known = new Set(here.map(({ id }) => id))
  const settled = [
    ...here.map(fileEntry),
    ...gone.value.filter(({ id }) => !known.has(id)).map(goneEntry),
  ].sort((a, b) => a.at - b.at)
  const own = (uploads.value?.items ?? [])
    .filter(({ target, file }) => target.chat && !(file && known.has(file)))
    .map((upload) => uploadEntry(upload, me))
  for (const { id } of own) known.add(id)
  const cutOff = cut.value
    .filter(({ chat, file }) => chat && !known.has(file))
    .map((one) => cutEntry(one, me))
  for (const { id } of cutOff) known.add(id)
  const others = comingEntries.value.filter(({ id }) => !known.has(id))
  return [...settled, ...cutOff, ...own, ...others]
}
