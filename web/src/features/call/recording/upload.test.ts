import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GrowingUpload } from './upload'

/** The server's side of one upload, as far as it is asked for here. */
class Server {
  bytes = ''
  length: number | null = null
  /** What goes wrong with the next requests that bring bytes. */
  troubles: ('lost' | 'lost after' | 'full' | 'gone')[] = []
  deleted = false

  readonly fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (init.method === 'POST')
      return new Response(null, { status: 201, headers: { Location: '/api/files/room/uploads/f1' } })
    if (init.method === 'HEAD') return this.told(200)
    if (init.method === 'DELETE') {
      this.deleted = true
      return new Response(null, { status: 204 })
    }
    const body = await (init.body as Blob).text()
    const trouble = body || headers.has('Upload-Length') ? this.troubles.shift() : undefined
    if (trouble === 'lost') throw new TypeError('network')
    if (trouble === 'gone')
      return Response.json({ code: 'upload_over', message: 'It is over.' }, { status: 410 })
    if (trouble === 'full') {
      this.bytes += body.slice(0, 2)
      const full = { code: 'room_files_full', message: 'Full.', size: 1, limit: 2, free: 0 }
      return Response.json(full, { status: 413 })
    }
    if (Number(headers.get('Upload-Offset')) !== this.bytes.length)
      return Response.json({ code: 'offset_wrong', message: '' }, { status: 409 })
    this.bytes += body
    if (headers.has('Upload-Length')) this.length = Number(headers.get('Upload-Length'))
    if (trouble === 'lost after') throw new TypeError('network')
    return this.told(204)
  }

  private told(status: number): Response {
    const length =
      this.length === null ? { 'Upload-Defer-Length': '1' } : { 'Upload-Length': `${this.length}` }
    return new Response(null, {
      status,
      headers: { 'Upload-Offset': `${this.bytes.length}`, ...length } as never,
    })
  }
}

let server: Server
beforeEach(() => {
  server = new Server()
  vi.stubGlobal('fetch', server.fetch)
  vi.useFakeTimers({ toFake: ['setTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function recorded(...parts: string[]): Promise<{ done: boolean; why: string }> {
  const upload = await GrowingUpload.begin('room', 'talk.webm')
  let why = ''
  upload.onOver = (said) => (why = said)
  for (const part of parts) upload.add(new Blob([part]))
  const ending = upload.end()
  await vi.advanceTimersByTimeAsync(20_000)
  return { done: await ending, why }
}

it('[M11] sends everything in order and tells its length at the end', async () => {
  expect(await recorded('abc', 'de', 'f')).toEqual({ done: true, why: '' })
  expect([server.bytes, server.length]).toEqual(['abcdef', 6])
})

it('[M11] sends again what the network has lost, and nothing twice', async () => {
  server.troubles = ['lost', 'lost after', 'lost']
  expect(await recorded('abc', 'de', 'f')).toEqual({ done: true, why: '' })
  expect([server.bytes, server.length]).toEqual(['abcdef', 6])
})

it('[M11] keeps what has come when there is no place for more, and says why', async () => {
  server.troubles = ['full']
  const { why } = await recorded('abc')
  expect(why).toContain('Delete something first')
  expect([server.bytes, server.length]).toEqual(['ab', 2])
})

it('[M11] ends when the server has closed it', async () => {
  server.troubles = ['gone']
  expect((await recorded('abc')).why).not.toBe('')
})

it('[M11] gives up what was never begun', async () => {
  const upload = await GrowingUpload.begin('room', 'talk.webm')
  await upload.drop()
  expect(server.deleted).toBe(true)
})
