type Ending = 'csv' | 'xlsx' | 'json' | 'votes'
const NAMES: Record<Ending, string> = { csv: '.csv', xlsx: '.xlsx', json: '.json', votes: '-votes.csv' }

/** Where a file of one poll, or of all of the room, is fetched from. Times in it are those of this device's zone. */
export function pollsFile(link: string, ending: Ending, poll?: string): string {
  const name = `${poll ? `poll-${encodeURIComponent(poll)}` : 'polls'}${NAMES[ending]}`
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  const times = ending === 'json' ? '' : `?zone=${encodeURIComponent(zone)}`
  return `/api/rooms/${encodeURIComponent(link)}/export/${name}${times}`
}
