import type { FilesFile } from '@/contract'

/** The newest first. */
export const newestFirst = (files: readonly FilesFile[]): FilesFile[] => [...files].reverse()

export const bytesOf = (files: readonly { size: number }[]): number =>
  files.reduce((sum, { size }) => sum + size, 0)

/** What somebody has sent to me and I have not answered, by sender; `here` tells what this device is asked about. */
export function offersOf(
  direct: readonly FilesFile[],
  me: string,
  here: (file: FilesFile) => boolean = ({ author }) => author !== me,
): { author: string; files: FilesFile[] }[] {
  const by = new Map<string, FilesFile[]>()
  for (const file of direct) {
    if (file.to !== me || file.accepted !== false || !here(file)) continue
    by.set(file.author, [...(by.get(file.author) ?? []), file])
  }
  return [...by].map(([author, files]) => ({ author, files }))
}

/** Which files are mine to delete. */
export const mayDelete = (file: FilesFile, me: string, host: boolean): boolean =>
  file.author === me || file.to === me || (file.to === null && host)

export const filesText = (count: number): string =>
  count === 1 ? '1 file' : `${count.toLocaleString()} files`

/** What it is, in a word: by its content where that is proven, and else by the ending of its name. */
export function kindText(file: Pick<FilesFile, 'kind' | 'name' | 'type' | 'text'>): string {
  if (file.text !== null) return 'Text'
  const ending = /\.([\p{L}\p{N}]{1,8})$/u.exec(file.name)?.[1]?.toUpperCase()
  if (file.kind === 'other') return ending ? `${ending} file` : 'File'
  if (file.kind === 'pdf') return 'PDF'
  const proven = file.kind === 'text' ? ending : file.type.split('/')[1]?.toUpperCase()
  const word = { image: 'image', audio: 'audio', video: 'video', text: 'text' }[file.kind]
  return proven ? `${proven} ${word}` : word
}

export function expiryText(until: number, now: number): string {
  const minutes = Math.max(0, Math.ceil((until - now) / 60_000))
  if (minutes < 1) return 'goes now'
  if (minutes < 60) return `gone in ${minutes} min`
  if (minutes < 48 * 60) return `gone in ${Math.round(minutes / 60)} h`
  return `gone in ${Math.round(minutes / 1440)} days`
}

const NAME_SHOWN = 60
const ENDING_SHOWN = 18

/** A long name with its middle left out: how it ends tells what it is, and which of several. */
export function shortName(name: string): string {
  const letters = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment)
  if (letters.length <= NAME_SHOWN) return name
  const beginning = letters.slice(0, NAME_SHOWN - ENDING_SHOWN - 1)
  return `${beginning.join('').trimEnd()}…${letters.slice(-ENDING_SHOWN).join('').trimStart()}`
}
