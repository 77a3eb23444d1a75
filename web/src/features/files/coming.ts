import type { FilesProgressNow, FilesUpload } from '@/contract'
import { sizeOf } from '@/design/sizes'

export type Coming = ReadonlyMap<string, FilesUpload>

/** What is coming just now, after this news. The same map when nothing of it is new. */
export function followed(before: Coming, news: FilesProgressNow): Coming {
  if (news.uploads.length === 0 && !news.over.some((id) => before.has(id))) return before
  const next = new Map(before)
  for (const upload of news.uploads) next.set(upload.id, upload)
  for (const id of news.over) next.delete(id)
  return next
}

export const partOf = (sent: number, size: number): number => (size > 0 ? Math.min(1, sent / size) : 0)
/** How much of it is here; of what is being made, as a recording, nobody knows how much it will be. */
export const soFar = ({ offset, size }: FilesUpload): string =>
  size === null ? `${sizeOf(offset)} so far` : `${sizeOf(offset)} of ${sizeOf(size)}`
export const percent = (part: number): string => `${Math.floor(part * 100)} %`
