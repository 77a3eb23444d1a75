import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Refused } from './refused'
import { RoomSocket, type Listener } from './socket'

/** What this page uses of the library's socket. */
class FakeSocket {
  connected = false
  active = false
  attempts = 0
  emitted: [string, ...unknown[]][] = []
  io = { opts: { transports: ['websocket', 'polling'] } }
  private handlers = new Map<string, ((...data: unknown[]) => void)[]>()

  on(name: string, handler: (...data: unknown[]) => void) {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler])
  }
  fire(name: string, ...data: unknown[]) {
    for (const handler of this.handlers.get(name) ?? []) handler(...data)
  }
  connect() {
    this.active = true
    this.attempts += 1
  }
  disconnect() {
    const was = this.connected
    this.connected = this.active = false
    if (was) this.fire('disconnect', 'io client disconnect')
  }
  emit(name: string, ...data: unknown[]) {
    this.emitted.push([name, ...data])
  }
  up() {
    this.connected = true
    this.fire('connect')
  }
}

let fake: FakeSocket
let options: { auth: (give: (auth: unknown) => void) => void }
vi.mock('socket.io-client', () => ({
  io: (given: typeof options) => {
    options = given
    return fake
  },
}))
const sessions = vi.hoisted(() => ({ asked: [] as boolean[], works: true }))
vi.mock('./session', () => ({
  ensureSession: (again = false) => {
    sessions.asked.push(again)
    return sessions.works ? Promise.resolve() : Promise.reject(new Error('no'))
  },
}))

function listener(crowd?: number) {
  const heard: string[] = []
  const refused: Refused[] = []
  const one: Listener = {
    since: () => ({ room: 4 }),
    crowd: () => crowd,
    connecting: () => heard.push('connecting'),
    lobby: () => heard.push('lobby'),
    resumed: () => heard.push('resumed'),
    snapshot: () => heard.push('snapshot'),
    event: () => heard.push('event'),
    signal: () => heard.push('signal'),
    lost: () => heard.push('lost'),
    refused: (why) => refused.push(why),
  }
  return { one, heard, refused }
}

async function open(crowd?: number) {
  const heard = listener(crowd)
  const socket = await RoomSocket.open('link', heard.one)
  await vi.advanceTimersByTimeAsync(0)
  return { socket, ...heard }
}
const refusal = (code: string, more = {}) =>
  Object.assign(new Error(code), { data: { ok: false, code, message: code, ...more } })
let socket: RoomSocket

beforeEach(() => {
  vi.useFakeTimers()
  fake = new FakeSocket()
  Object.assign(sessions, { asked: [], works: true })
})
afterEach(() => {
  socket.close()
  vi.useRealTimers()
})

describe('RoomSocket', () => {
  it('[R2] tells the room and what was seen', async () => {
    ;({ socket } = await open())
    let auth: unknown
    options.auth((given) => (auth = given))
    expect(auth).toEqual({ room: 'link', since: { room: 4 } })
    expect(fake.attempts).toBe(1)
  })

  it('[R8] comes back for ever, ever slower, with jitter, and after a success quickly again', async () => {
    const opened = await open()
    socket = opened.socket
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      const { attempts } = fake
      fake.fire('connect_error', new Error('xhr poll error'))
      let waited = 0
      while (fake.attempts === attempts && waited < 60_000) {
        await vi.advanceTimersByTimeAsync(50)
        waited += 50
      }
      waits.push(waited)
    }
    expect(waits[0]).toBeLessThanOrEqual(450)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_100)
    expect(Math.min(...waits.slice(6))).toBeGreaterThanOrEqual(2_400)
    fake.up()
    // Being let in is the success: a server that takes connections and drops them is not there yet.
    fake.fire('resumed', { seqs: {} })
    fake.connected = false
    fake.fire('disconnect', 'transport close')
    await vi.advanceTimersByTimeAsync(450)
    expect(fake.attempts).toBe(14)
    expect(opened.heard.at(-2)).toBe('lost')
  })

  it.each([
    [3, 10, 750, 1_650],
    [1_000, 10, 2_400, 5_100],
    [3, 70, 2_400, 5_100],
  ])(
    '[R8] %i people ask again soon, a crowd later, and nobody soon for ever (after %i tries)',
    async (crowd, tries, least, most) => {
      ;({ socket } = await open(crowd))
      let waited = 0
      for (let i = 0; i < tries; i++) {
        const { attempts } = fake
        fake.fire('connect_error', new Error('xhr poll error'))
        for (waited = 0; fake.attempts === attempts && waited < 60_000; waited += 50)
          await vi.advanceTimersByTimeAsync(50)
      }
      expect(waited).toBeGreaterThanOrEqual(least)
      expect(waited).toBeLessThanOrEqual(most)
    },
  )

  it('the other transport goes first after a failure', async () => {
    ;({ socket } = await open())
    fake.fire('connect_error', new Error('timeout'))
    expect(fake.io.opts.transports[0]).toBe('polling')
    await vi.advanceTimersByTimeAsync(500)
    fake.fire('connect_error', new Error('timeout'))
    expect(fake.io.opts.transports[0]).toBe('websocket')
  })

  it('[R5] does not come back when that makes no sense', async () => {
    const opened = await open()
    socket = opened.socket
    fake.fire('connect_error', refusal('banned'))
    expect(opened.refused[0]?.code).toBe('banned')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fake.attempts).toBe(1)
  })

  it('[R8] gets a session when the server has forgotten it, and waits as long as it is told', async () => {
    ;({ socket } = await open())
    fake.fire('connect_error', refusal('session_required'))
    await vi.advanceTimersByTimeAsync(500)
    expect(sessions.asked).toEqual([false, true, false])
    expect(fake.attempts).toBe(2)
    fake.fire('connect_error', refusal('rate_limited', { retry_after: 7 }))
    await vi.advanceTimersByTimeAsync(6_900)
    expect(fake.attempts).toBe(2)
    await vi.advanceTimersByTimeAsync(200)
    expect(fake.attempts).toBe(3)
  })

  it('[R8] tries for a session again while the server is away', async () => {
    sessions.works = false
    ;({ socket } = await open())
    expect(fake.attempts).toBe(0)
    sessions.works = true
    await vi.advanceTimersByTimeAsync(500)
    expect(fake.attempts).toBe(1)
  })

  it('[R8] waking up connects at once, or finds out whether the connection is alive', async () => {
    const opened = await open()
    socket = opened.socket
    for (let i = 0; i < 6; i++) {
      fake.fire('connect_error', new Error('offline'))
      await vi.advanceTimersByTimeAsync(6_000)
    }
    fake.fire('connect_error', new Error('offline'))
    const { attempts } = fake
    window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(0)
    expect(fake.attempts).toBe(attempts + 1)

    fake.up()
    window.dispatchEvent(new Event('online'))
    expect(fake.emitted).toEqual([['resume', { since: { room: 4 } }]])
    fake.fire('resumed', { seqs: { room: 4 } })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(fake.connected).toBe(true)

    window.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(opened.heard.at(-2)).toBe('lost')
    expect(fake.attempts).toBe(attempts + 2)
  })

  it('[C1] sends nothing while it is away: the library would keep it and send it beside the outbox', async () => {
    ;({ socket } = await open())
    socket.emit('chat.send', { id: 'a' })
    expect(fake.emitted).toEqual([])
    fake.up()
    socket.emit('chat.send', { id: 'a' }, () => undefined)
    expect(fake.emitted).toHaveLength(1)
  })
})
