import { beforeEach, expect, it } from 'vitest'
import { Tab } from './tab'

/** The page goes, as at a reload or when it is closed. */
const leave = () => window.dispatchEvent(new Event('pagehide'))

beforeEach(() => sessionStorage.clear())

it('[F8] has the same line and the same calls after a reload', () => {
  const before = new Tab('a')
  before.claim('phone', 'c1')
  before.claim('screen', 'c2')
  before.claim('phone', 'c3')
  before.release('phone', 'c3')
  leave()
  const after = new Tab('a')
  expect(after.line).toBe(before.line)
  expect(after.line).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
  expect([after.has('phone', 'c1'), after.has('phone', 'c2'), after.has('screen', 'c2')]).toEqual([
    true,
    false,
    true,
  ])
  expect(after.has('phone', 'c3')).toBe(false)
})

it('[F8] is not shared with a copy of the tab, nor with another room', () => {
  const first = new Tab('b')
  first.claim('phone', 'c1')
  leave()
  const again = new Tab('b')
  // A copy made now has all that is stored now.
  const copy = new Tab('b')
  expect(copy.line).not.toBe(again.line)
  expect(copy.has('phone', 'c1')).toBe(false)
  expect(new Tab('c').line).not.toBe(again.line)
})

it('[F8] takes back what it has stored when the browser brings the very page again', () => {
  const tab = new Tab('d')
  leave()
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  expect(new Tab('d').line).not.toBe(tab.line)
})

it('begins anew when what is stored makes no sense', () => {
  for (const text of ['nonsense', '{"line":1}', '{"line":"x","phone":[1],"screen":[]}']) {
    sessionStorage.setItem('salon.voice.e', text)
    expect(new Tab('e').line).toMatch(/^[A-Za-z0-9_-]{21}$/)
  }
})
