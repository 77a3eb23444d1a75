import { UNREACHABLE } from '@/core/api'
import { tell } from '@/design/toasts'

type Ending = 'csv' | 'xlsx' | 'json' | 'votes'
const NAMES: Record<Ending, string> = { csv: '.csv', xlsx: '.xlsx', json: '.json', votes: '-votes.csv' }

/** Where a file of one poll, or of all of the room, is fetched from. Times in it are those of this device's zone. */
export function pollsFile(link: string, ending: Ending, poll?: string): string {
  const name = `${poll ? `poll-${encodeURIComponent(poll)}` : 'polls'}${NAMES[ending]}`
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  const times = ending === 'json' ? '' : `?zone=${encodeURIComponent(zone)}`
  return `/api/rooms/${encodeURIComponent(link)}/export/${name}${times}`
}

/** Gives the browser something to save: the room's page stays. */
export function download(href: string, name: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}

const KEPT_MS = 10_000
export function downloadBlob(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob)
  download(href, name)
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS)
}

/** Fetches a file and saves it under the server's name. What stands in the way is told. */
export async function saveFile(href: string): Promise<void> {
  let answer: Response
  try {
    answer = await fetch(href)
  } catch {
    return void tell(UNREACHABLE, { look: 'bad' })
  }
  if (answer.ok) {
    const said = answer.headers.get('content-disposition') ?? ''
    const name = /filename="([^"]+)"/.exec(said)?.[1] ?? href.replace(/\?.*/, '').replace(/.*\//, '')
    return downloadBlob(await answer.blob(), name)
  }
  if (answer.status === 404) return void tell('There is nothing to save yet.')
  const why = (await answer.json().catch(() => ({}))) as { message?: string }
  tell(why.message ?? 'The file could not be made. Try again.', { look: 'bad' })
}
