import type { DetailedError, PreviousUpload, Upload as TusUpload } from 'tus-js-client'
import type { Picked } from './gather'
import { hashOf } from './hash'
import { troubleOf, UNREADABLE, type Trouble } from './trouble'
import type { MakeSender, Sender, Target } from './uploads'

const base = (link: string): string => `/api/files/${encodeURIComponent(link)}`
const endpointOf = (link: string): string => `${base(link)}/uploads`
export const fileHref = (link: string, file: string): string => `${base(link)}/${encodeURIComponent(file)}`
export const previewHref = (link: string, file: string): string => `${fileHref(link, file)}/preview`
export const thumbnailHref = (link: string, file: string): string => `${fileHref(link, file)}/thumbnail`
/** Several as one archive; without any named: all that is for everyone. */
export const archiveHref = (link: string, files: string[] = []): string =>
  `${base(link)}/archive.zip${files.length ? `?files=${files.map(encodeURIComponent).join(',')}` : ''}`

// Loaded with the first file: whoever only downloads never needs it.
const library = () => import('tus-js-client')

const lastPart = (url: string): string => decodeURIComponent(url.split('/').pop() ?? '')

/** What an upload is known by when the page was loaded again: the same file, to the same place. */
function printOf(link: string, { file, folder }: Picked, target: Target): string {
  const about = [link, target.to, folder, file.name, file.type, file.size, file.lastModified]
  if (target.chat) about.push('chat')
  return `salon-${JSON.stringify(about)}`
}

/** Up to here a file is hashed before it is sent, and the server throws away what comes out different. */
const HASHED_BELOW = 64 * 1024 * 1024

async function metadataOf({ file, folder }: Picked, target: Target): Promise<Record<string, string>> {
  const sha256 = file.size <= HASHED_BELOW ? await hashOf(file).sha256 : null
  return {
    filename: file.name,
    ...(sha256 ? { sha256 } : {}),
    ...(folder ? { folder } : {}),
    ...(target.to ? { to: target.to } : {}),
    ...(target.device ? { device: target.device } : {}),
    ...(target.chat ? { chat: '1' } : {}),
  }
}

/** Sends by tus to the room of this link. */
export function sendTo(link: string): MakeSender {
  // By address: the same file sent twice at once is two uploads, of which neither goes on with the other.
  const taken = new Set<string>()
  return async (picked, target, told) => {
    const [{ Upload }, metadata] = await Promise.all([library(), metadataOf(picked, target)])
    const free = () => taken.delete(upload.url ?? '')
    const upload: TusUpload = new Upload(picked.file, {
      endpoint: endpointOf(link),
      metadata,
      fingerprint: () => Promise.resolve(printOf(link, picked, target)),
      removeFingerprintOnSuccess: true,
      // Trying again is decided by whoever shows it.
      retryDelays: null,
      onProgress: (sent) => told.sent(sent),
      onSuccess: () => {
        free()
        told.done()
      },
      onError: (error) =>
        void whatFailed(error, picked).then((trouble) => {
          if (!trouble.passing) free()
          told.failed(trouble)
        }),
    })
    const before = await newest(upload, taken)
    if (before) upload.resumeFromPreviousUpload(before)
    upload.options.onUploadUrlAvailable = () => {
      // From here on, one that the server does not know any more was deleted: it is not to come back by itself.
      upload.options.endpoint = null
      taken.add(upload.url ?? '')
      if (before && upload.url === before.uploadUrl) told.resumed()
      told.begun(lastPart(upload.url ?? ''))
    }
    return new TusSender(upload, free)
  }
}

class TusSender implements Sender {
  constructor(
    private readonly upload: TusUpload,
    private readonly free: () => void,
  ) {}
  start(): void {
    this.upload.start()
  }
  async stop(forget: boolean): Promise<void> {
    if (forget) this.free()
    try {
      await this.upload.abort(forget)
    } catch {
      // The server does not answer, or has deleted it already; what is left there ends by its own time.
    }
  }
}

/** The last one of the same file that nobody has taken up yet; it is taken now. */
async function newest(upload: TusUpload, taken: Set<string>): Promise<PreviousUpload | undefined> {
  try {
    const known = await upload.findPreviousUploads()
    const open = known.filter(({ uploadUrl }) => uploadUrl && !taken.has(uploadUrl))
    const last = open.sort((a, b) => Date.parse(b.creationTime) - Date.parse(a.creationTime))[0]
    if (last?.uploadUrl) taken.add(last.uploadUrl)
    return last
  } catch {
    return undefined
  }
}

async function whatFailed(error: Error | DetailedError, picked: Picked): Promise<Trouble> {
  const answer = 'originalResponse' in error ? error.originalResponse : null
  const trouble = troubleOf(answer?.getStatus() ?? 0, answer?.getBody() ?? '')
  return trouble.passing && !(await readable(picked.file)) ? UNREADABLE : trouble
}

/** Browsers do not tell a lost network from a file that is not there any more. */
async function readable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

/** An upload of this browser that was cut off: the page was loaded again before it was all there. */
export interface CutOff {
  file: string
  name: string
  folder: string
  /** For this person only. */
  to: string | null
  chat: boolean
  size: number
  offset: number
  url: string
  kept: string
}

const OLD_MS = 30 * 86_400_000
const TUS = { 'Tus-Resumable': '1.0.0' }

/**
 * Those of this room that the server still waits for; what it does not know any more is forgotten. Asking ends what
 * another page of this browser may be sending just now, so `busy` ones are not asked for.
 */
export async function cutOff(link: string, busy: (file: string) => boolean): Promise<CutOff[]> {
  if (!hasAny(link)) return []
  const { defaultOptions } = await library()
  const found: CutOff[] = []
  for (const known of await defaultOptions.urlStorage.findAllUploads()) {
    const url = known.uploadUrl ? new URL(known.uploadUrl, location.origin) : null
    // Of rooms that nobody came back to: no server waits for so long.
    if (Date.now() - Date.parse(known.creationTime) > OLD_MS)
      await defaultOptions.urlStorage.removeUpload(known.urlStorageKey)
    if (!url?.pathname.startsWith(`${endpointOf(link)}/`) || busy(lastPart(url.pathname))) continue
    const offset = await offsetAt(url.href, known.size ?? 0)
    if (offset === 'gone') await defaultOptions.urlStorage.removeUpload(known.urlStorageKey)
    if (typeof offset !== 'number') continue
    const { filename: name = '', folder = '', to = null } = known.metadata
    const [file, size] = [lastPart(url.pathname), known.size ?? 0]
    found.push({
      file,
      name,
      folder,
      to,
      chat: known.metadata['chat'] === '1',
      size,
      offset,
      url: url.href,
      kept: known.urlStorageKey,
    })
  }
  return found
}

/** Whether this browser remembers an upload to this room: the library is not loaded for nothing. */
function hasAny(link: string): boolean {
  try {
    return Object.entries({ ...localStorage }).some(
      ([key, value]) => key.startsWith('tus::') && String(value).includes(`${endpointOf(link)}/`),
    )
  } catch {
    return false
  }
}

async function offsetAt(url: string, size: number): Promise<number | 'gone' | 'unknown'> {
  try {
    const answer = await fetch(url, { method: 'HEAD', headers: TUS, credentials: 'same-origin' })
    if (answer.status >= 500 || answer.status === 429) return 'unknown'
    if (!answer.ok) return 'gone'
    const offset = Number(answer.headers.get('Upload-Offset'))
    return offset >= size ? 'gone' : offset
  } catch {
    return 'unknown'
  }
}

/** Gives it up: what the server has of it is deleted. */
export async function forgetCutOff(one: CutOff): Promise<void> {
  const { defaultOptions } = await library()
  await fetch(one.url, { method: 'DELETE', headers: TUS, credentials: 'same-origin' })
  await defaultOptions.urlStorage.removeUpload(one.kept)
}
