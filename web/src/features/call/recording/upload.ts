import { Refused } from '@/core/refused'
import { troubleOf } from '../../files/trouble'

/** The server has not answered a part for so long: the network is taken for lost. */
const PATIENCE_MS = 15_000
/** At the end the server makes the recording seekable, which takes its time for long ones. */
const END_MS = 10 * 60_000
const PAUSE_MS = 1_000
const TUS = { 'Tus-Resumable': '1.0.0' }

const encoded = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

function ask(url: string, method: string, headers: Record<string, string>, body?: Blob, ms = PATIENCE_MS) {
  const signal = AbortSignal.timeout(ms)
  return fetch(url, { method, headers: { ...TUS, ...headers }, body, signal, credentials: 'same-origin' })
}

/**
 * A file that is sent while it is made (tus, with `Upload-Defer-Length`). What the server has not acknowledged is kept
 * and sent again after a cut; what it has is safe whatever happens to this page.
 */
export class GrowingUpload {
  /** The id of the file that it will be. */
  readonly file: string
  private offset = 0
  /** From the offset on. */
  private pending: Blob[] = []
  private ending = false
  private over = false
  private running: Promise<void> | null = null
  /** It has ended by itself; why. */
  onOver: (why: string) => void = () => undefined

  private constructor(private readonly url: string) {
    this.file = decodeURIComponent(url.split('/').pop() ?? '')
  }

  /** Reserves a first place. Rejects `Refused` with a sentence for people. */
  static async begin(link: string, name: string): Promise<GrowingUpload> {
    const headers = { 'Upload-Defer-Length': '1', 'Upload-Metadata': `filename ${encoded(name)}` }
    const answer = await ask(`/api/files/${encodeURIComponent(link)}/uploads`, 'POST', headers).catch(
      () => null,
    )
    const place = answer?.status === 201 ? answer.headers.get('Location') : null
    if (place) return new GrowingUpload(new URL(place, location.origin).href)
    const { message } = troubleOf(answer?.status ?? 0, (await answer?.text().catch(() => '')) ?? '')
    throw new Refused('upload', answer ? message : 'The server cannot be reached just now.')
  }

  add(part: Blob): void {
    if (part.size === 0 || this.over || this.ending) return
    this.pending.push(part)
    this.go()
  }

  /** That was all. True when it is a file. */
  async end(): Promise<boolean> {
    this.ending = true
    this.go()
    while (this.running) await this.running
    return this.over
  }

  /** Nothing of it is wanted. */
  async drop(): Promise<void> {
    this.over = true
    await ask(this.url, 'DELETE', {}).catch(() => undefined)
  }

  private go(): void {
    this.running ??= this.run().finally(() => (this.running = null))
  }

  private async run(): Promise<void> {
    while (!this.over && (this.ending || this.pending.length > 0)) await this.step()
  }

  private async step(): Promise<void> {
    const [body, last] = [new Blob(this.pending), this.ending]
    const headers: Record<string, string> = {
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(this.offset),
      ...(last ? { 'Upload-Length': String(this.offset + body.size) } : {}),
    }
    const answer = await ask(this.url, 'PATCH', headers, body, last ? END_MS : undefined).catch(() => null)
    if (answer?.ok) {
      this.acknowledge(Number(answer.headers.get('Upload-Offset')))
      if (last) this.over = true
      return
    }
    const trouble = troubleOf(answer?.status ?? 0, (await answer?.text().catch(() => '')) ?? '')
    if (!trouble.passing) return this.close(trouble.message)
    await sleep(PAUSE_MS)
    await this.look(this.offset + body.size)
  }

  /** Where it is, after something went wrong on the way. `most`: with all that was sent. */
  private async look(most: number): Promise<void> {
    const answer = await ask(this.url, 'HEAD', {}).catch(() => null)
    if (!answer || answer.status === 423 || answer.status === 429 || answer.status >= 500) return
    if (!answer.ok) return this.stopped('It was deleted in the room.')
    const offset = Number(answer.headers.get('Upload-Offset'))
    const length = answer.headers.get('Upload-Length')
    // The server has closed it: as we have asked for, or since nothing came for a minute.
    if (length !== null && (Number(length) !== most || offset === most)) {
      if (this.ending) this.over = true
      else
        this.stopped('Nothing of it could be sent for too long. What had come until then is among the files.')
      return
    }
    if (offset < this.offset) return this.close('The server has lost a part of it.')
    this.acknowledge(offset)
  }

  private acknowledge(to: number): void {
    let behind = to - this.offset
    if (!(behind > 0)) return
    this.offset = to
    const left: Blob[] = []
    for (const part of this.pending) {
      const cut = Math.min(behind, part.size)
      behind -= cut
      if (cut < part.size) left.push(part.slice(cut))
    }
    this.pending = left
  }

  /** It takes no more: what is there is all. */
  private async close(why: string): Promise<void> {
    const asked = await ask(this.url, 'HEAD', {}).catch(() => null)
    const offset = asked?.headers.get('Upload-Offset')
    if (asked?.ok && offset) {
      const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset }
      const end = { ...headers, 'Upload-Length': offset }
      await ask(this.url, 'PATCH', end, new Blob(), END_MS).catch(() => null)
    }
    this.stopped(why)
  }

  private stopped(why: string): void {
    this.over = true
    this.pending = []
    this.onOver(why)
  }
}
