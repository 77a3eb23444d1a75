import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Uploads, type Told } from './uploads'

interface Fake {
  name: string
  told: Told
  starts: number
  stops: boolean[]
}

describe('[D2] uploads of a page', () => {
  let made: Fake[]
  let uploads: Uploads
  const states = () => uploads.items.map(({ state }) => state)
  const add = (...names: string[]) =>
    uploads.add(names.map((name) => ({ file: new File(['0123456789'], name), folder: '' })))
  const settled = () => vi.advanceTimersByTimeAsync(0)

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 })
    made = []
    uploads = new Uploads((picked, _target, told) => {
      const fake: Fake = { name: picked.file.name, told, starts: 0, stops: [] }
      made.push(fake)
      return Promise.resolve({
        start: () => (fake.starts += 1),
        stop: (forget: boolean) => Promise.resolve(void fake.stops.push(forget)),
      })
    })
  })
  afterEach(() => {
    uploads.end()
    vi.useRealTimers()
  })

  it('three at a time, the next when one is through', async () => {
    add('a', 'b', 'c', 'd', 'e')
    await settled()
    expect(states()).toEqual(['sending', 'sending', 'sending', 'queued', 'queued'])
    made[1]!.told.done()
    await settled()
    expect(made.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
    expect(uploads.items).toHaveLength(4)
  })

  it('a lost network is waited for, longer each time, and taken up at once when it is back', async () => {
    add('a')
    await settled()
    const [one] = made as [Fake]
    one.told.failed({ passing: true, message: '' })
    expect(states()).toEqual(['waiting'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([states(), one.starts]).toEqual([['sending'], 2])
    one.told.failed({ passing: true, message: '' })
    await vi.advanceTimersByTimeAsync(1_999)
    expect(one.starts).toBe(2)
    uploads.wake()
    expect(one.starts).toBe(3)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(one.starts).toBe(3)
  })

  it('a connection on which nothing moves is given up and made anew', async () => {
    add('a')
    await settled()
    await vi.advanceTimersByTimeAsync(12_000)
    made[0]!.told.sent(3)
    await vi.advanceTimersByTimeAsync(16_000)
    expect(states()).toEqual(['sending'])
    await vi.advanceTimersByTimeAsync(8_000)
    expect(made[0]!.stops).toEqual([false])
    expect(made[0]!.starts).toBeGreaterThan(1)
  })

  it('when all is sent the server has its time to put it away', async () => {
    add('a')
    await settled()
    made[0]!.told.sent(10)
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect([states(), made[0]!.stops]).toEqual([['sending'], []])
  })

  it('pauses, goes on, is given up', async () => {
    add('a', 'b', 'c', 'd')
    await settled()
    const [a] = uploads.items
    uploads.pause(a!)
    await settled()
    expect(states()).toEqual(['paused', 'sending', 'sending', 'sending'])
    expect(made[0]!.stops).toEqual([false])
    // What comes late from what was stopped is no failure.
    made[0]!.told.failed({ passing: false, message: 'no' })
    expect(states()[0]).toBe('paused')
    uploads.resume(a!)
    expect(states()[0]).toBe('queued')
    uploads.cancel(uploads.items[1]!)
    expect(made[1]!.stops).toEqual([false, true])
    expect(states()).toEqual(['sending', 'sending', 'sending'])
    uploads.pauseAll()
    expect(states()).toEqual(['paused', 'paused', 'paused'])
    uploads.cancelAll()
    expect(uploads.items).toEqual([])
  })

  it('what is refused says why, makes room for the next, and can be tried anew', async () => {
    add('a', 'b', 'c', 'd')
    await settled()
    made[0]!.told.failed({ passing: false, message: 'The room is full.' })
    await settled()
    expect(states()).toEqual(['failed', 'sending', 'sending', 'sending'])
    expect(uploads.items[0]!.trouble).toBe('The room is full.')
    made[1]!.told.done()
    uploads.resume(uploads.items[0]!)
    await settled()
    expect(made.at(-1)!.name).toBe('a')
    expect(states()).toEqual(['sending', 'sending', 'sending'])
  })

  it('one that a host deletes does not come back by itself', async () => {
    add('a')
    await settled()
    made[0]!.told.begun('file')
    uploads.lost('another')
    uploads.lost('file')
    expect(states()).toEqual(['failed'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(made[0]!.starts).toBe(1)
  })

  it('what is known to be too large is never sent', () => {
    uploads.add([{ file: new File(['x'], 'a'), folder: '' }], undefined, () => ({
      passing: false,
      message: 'big',
    }))
    expect([states(), made]).toEqual([['failed'], []])
  })
})
