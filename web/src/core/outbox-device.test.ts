import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox, type Outgoing } from './outbox'
import { DeviceStore, forgetUnsent } from './outbox-device'

/** The browser's locks: one holder for each name, the others wait in order. */
class Locks {
  private readonly rows = new Map<string, Promise<unknown>>()

  request(name: string, { signal }: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown> {
    const before = this.rows.get(name) ?? Promise.resolve()
    const aborted = new Promise((_, no) => signal.addEventListener('abort', () => no(new Error('aborted'))))
    const done = before.then(held)
    this.rows.set(name, done)
    return Promise.race([done, aborted])
  }
}

const stores: DeviceStore[] = []

/** A page in which a person is in a room. */
function page(person = 'ada', room = 'r1') {
  const given: string[] = []
  let kept: Outgoing[] = []
  const outbox = new Outbox({
    emit: (name, { id }) => given.push(`${name} ${String(id)}`),
    changed: (now) => (kept = now),
  })
  const store = new DeviceStore(room, person)
  stores.push(store)
  outbox.belong('room', store)
  store.begin((left) => outbox.adopt('room', left))
  const keep = (todo: string) => outbox.keep('study.tick', { todo, done: true }, 'room')
  return { outbox, store, given, keep, todos: () => kept.map(({ payload }) => payload.todo) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))
const stored = () => Object.keys(localStorage).filter((key) => key.startsWith('salon.unsent.'))

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('navigator', { locks: new Locks() })
})
afterEach(() => {
  stores.splice(0).forEach((store) => store.close())
  vi.unstubAllGlobals()
})

describe('what the device keeps', () => {
  it('[S1] outlives the page, and goes with its id and in its order', async () => {
    const before = page()
    const ids = ['one', 'two'].map(before.keep)
    before.store.close()
    const after = page()
    after.outbox.open()
    await settled()
    expect(after.todos()).toEqual(['one', 'two'])
    expect(after.given).toEqual([`study.tick ${ids[0]}`])
    expect(stored()).toHaveLength(1)
  })

  it('[S1] is left to the page that lives, and taken over when that is gone', async () => {
    const first = page()
    first.keep('one')
    const second = page()
    second.keep('two')
    await settled()
    expect(second.todos()).toEqual(['two'])
    first.store.close()
    await settled()
    expect(second.todos()).toEqual(['one', 'two'])
    expect(stored()).toHaveLength(1)
  })

  it('[S1] is taken over from a page that was opened later, too', async () => {
    const first = page()
    const second = page()
    second.keep('two')
    window.dispatchEvent(new StorageEvent('storage', { key: stored()[0]! }))
    await settled()
    expect(first.todos()).toEqual([])
    second.store.close()
    await settled()
    expect(first.todos()).toEqual(['two'])
  })

  it('[S1] is nobody else’s, and no other room’s', async () => {
    const ada = page()
    ada.keep('one')
    ada.store.close()
    const others = [page('ben'), page('ada', 'r2')]
    await settled()
    for (const other of others) expect(other.todos()).toEqual([])
    expect(stored()).toHaveLength(1)
  })

  it('[S1] stays for its person when another one is here, who does not send it', async () => {
    const { outbox, store, keep, given, todos } = page()
    keep('one')
    const ben = new DeviceStore('r1', 'ben')
    store.close()
    outbox.belong('room', ben)
    outbox.open()
    expect(given).toEqual([])
    expect(todos()).toEqual([])
    const again = page()
    await settled()
    expect(again.todos()).toEqual(['one'])
  })

  it('[S1] is there without locks as well', () => {
    vi.stubGlobal('navigator', {})
    const before = page()
    before.keep('one')
    before.store.close()
    expect(page().todos()).toEqual(['one'])
  })

  it('[S1] is not kept for ever, nor after signing out', () => {
    const { store, keep } = page()
    keep('one')
    store.close()
    localStorage.setItem('salon.unsent.r1.ada.x', '{')
    localStorage.setItem('salon.unsent.r1.ada.y', JSON.stringify([{ id: 'a', at: 1, kept: true }]))
    page('ben', 'r3')
    expect(stored()).toHaveLength(1)
    forgetUnsent()
    expect(stored()).toEqual([])
  })

  it('is forgotten when it was answered, and when it was discarded', () => {
    const answers: ((ack: { ok: true }) => void)[] = []
    const outbox = new Outbox({ emit: (_, __, ack) => answers.push(ack) })
    const store = new DeviceStore('r1', 'ada')
    outbox.belong('room', store)
    outbox.open()
    outbox.keep('study.tick', { todo: 'one', done: true }, 'room')
    const second = outbox.keep('study.tick', { todo: 'two', done: true }, 'room')
    expect(stored()).toHaveLength(1)
    answers[0]!({ ok: true })
    outbox.drop(second)
    expect(stored()).toEqual([])
  })
})
