import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Whoami } from './account'
import { guest } from './device'
import { Outbox, type Outgoing } from './outbox'
import { forgetUnsent } from './outbox-device'
import { OwnUnsent } from './outbox-own'

const asked = vi.hoisted(() => ({ who: {}, times: 0, fails: 0 }))
vi.mock('./account', () => ({
  loadWho: () => {
    asked.times += 1
    if (asked.fails-- > 0) return Promise.reject(new Error('no network'))
    return Promise.resolve(asked.who)
  },
}))

const signedIn = (identity: string) => (asked.who = { identity, account: {} as Whoami['account'] })
const asGuest = (identity: string) => {
  asked.who = { identity, account: null }
  guest.value = identity
}

/** A page in some room, in which an activity has things of the person's own. */
function page(person = 'member') {
  const given: string[] = []
  let kept: Outgoing[] = []
  const outbox = new Outbox({
    emit: (_, { todo }) => given.push(String(todo)),
    changed: (now) => (kept = now),
  })
  const own = new OwnUnsent(outbox)
  own.belong(person)
  const release = own.hold()
  return {
    outbox,
    own,
    given,
    release,
    keep: (todo: string) => outbox.keep('study.tick', { todo, done: true }, 'person'),
    todos: () => kept.map(({ payload }) => payload.todo),
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('navigator', {})
  asked.fails = 0
  asGuest('gwen')
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('[S1] what a closed room has not taken goes from the next one', async () => {
  const first = page('one')
  await settled()
  first.keep('bread')
  first.own.leave()
  first.outbox.end({} as never)
  const next = page('two')
  await settled()
  next.outbox.open()
  expect(next.given).toEqual(['bread'])
})

it('[S1] what is given before the person is known is kept as well', async () => {
  const first = page()
  first.keep('bread')
  await settled()
  first.own.leave()
  const next = page()
  await settled()
  expect(next.todos()).toEqual(['bread'])
})

it('[S1] it goes with a guest into an account, and from one account to no other', async () => {
  const first = page()
  await settled()
  first.keep('bread')
  first.own.leave()
  signedIn('ada')
  const adas = page()
  await settled()
  expect(adas.todos()).toEqual(['bread'])
  adas.own.leave()
  for (const next of [() => signedIn('ben'), () => asGuest('gus')]) {
    next()
    const others = page()
    await settled()
    expect(others.todos()).toEqual([])
    others.own.leave()
  }
})

it('[S1] when somebody else is here by now, it stays for whose it is', async () => {
  signedIn('ada')
  const { own, outbox, keep, todos, given } = page('ada-here')
  await settled()
  keep('bread')
  signedIn('ben')
  own.belong('ben-here')
  outbox.open()
  await settled()
  expect([todos(), given]).toEqual([[], []])
  own.leave()
  signedIn('ada')
  const again = page()
  await settled()
  expect(again.todos()).toEqual(['bread'])
})

it('[S1] without the activity it is left alone, and after signing out nothing is left', async () => {
  const { release, keep, todos } = page()
  await settled()
  keep('bread')
  release()
  expect(todos()).toEqual([])
  forgetUnsent()
  const next = page()
  await settled()
  expect(next.todos()).toEqual([])
})

it('asks again when the answer does not come, or is from before there was a session', async () => {
  vi.useFakeTimers()
  asked.fails = 1
  asked.times = 0
  asked.who = { identity: null, account: null }
  const { own, keep } = page()
  keep('bread')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked.times).toBe(3)
  asGuest('gwen')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked.times).toBe(4)
  expect(Object.keys(localStorage).filter((key) => key.startsWith('salon.unsent.*.gwen.'))).toHaveLength(1)
  own.leave()
})
