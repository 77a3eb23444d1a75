import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRoom } from '@/core/room'
import { fileOf, filesState, uploadOf } from '../fixtures'
import { coming, cut, uploads } from '../hub'
import { seenInChat, seenUntil, unseen, unseenInChat } from '../place'
import { CHAT, Uploads } from '../uploads'
import { attach, attached, named, sendAttached, takeOut } from './attached'
import { boxOf } from './box'
import { entries, gone } from './entries'

const picked = (name: string, type = '') => ({ file: new File(['0123456789'], name, { type }), folder: '' })

describe('[C4] files in the chat', () => {
  let sending: Uploads
  beforeEach(() => {
    setActivePinia(createPinia())
    useRoom().state.files = filesState()
    sending = new Uploads(() => Promise.resolve({ start: () => undefined, stop: () => Promise.resolve() }))
    uploads.value = sending
  })
  afterEach(() => {
    for (const one of [...attached]) takeOut(one)
    sending.end()
    uploads.value = null
    coming.value = new Map()
    cut.value = []
    gone.value = []
  })
  const show = (...files: ReturnType<typeof fileOf>[]) => (useRoom().state.files = filesState({ files }))

  it('stand there by their time, the same objects while nothing changes; others of the room do not', () => {
    show(fileOf('a', { at: 1, chat: true }), fileOf('b', { at: 2 }), fileOf('c', { at: 3, chat: true }))
    const before = entries()
    expect(before.map(({ id, pending }) => [id, pending])).toEqual([
      ['a', false],
      ['c', false],
    ])
    expect(entries().every((entry, at) => entry === before[at])).toBe(true)
  })

  it('one that is deleted keeps its place as long as one looks on', () => {
    gone.value = [fileOf('b', { at: 2, chat: true })]
    show(fileOf('a', { at: 1, chat: true }), fileOf('c', { at: 3, chat: true }))
    expect(entries().map(({ id, about }) => [id, about.kind])).toEqual([
      ['a', 'file'],
      ['b', 'gone'],
      ['c', 'file'],
    ])
  })

  it('what is on its way is there once, and under the same name when it has come', () => {
    sending.add([picked('own.png')], CHAT)
    sending.add([picked('elsewhere.png')])
    const [own] = sending.items
    expect(entries().map(({ id }) => id)).toEqual([`new-${own!.key}`])
    own!.file = 'f1'
    coming.value = new Map([
      ['f1', uploadOf('f1', { chat: true })],
      ['f2', uploadOf('f2', { chat: true })],
      ['f3', uploadOf('f3')],
    ])
    const moving = entries()
    expect(moving.map(({ id, about }) => [id, about.kind])).toEqual([
      ['f1', 'upload'],
      ['f2', 'coming'],
    ])
    coming.value = new Map([...coming.value, ['f2', uploadOf('f2', { chat: true, offset: 50 })]])
    expect(entries()[1]).toBe(moving[1])
    show(fileOf('f1', { chat: true }))
    expect(entries().map(({ id, about }) => [id, about.kind])).toEqual([
      ['f1', 'file'],
      ['f2', 'coming'],
    ])
  })

  it('count as new at the chat and not at the files', () => {
    seenUntil.value = seenInChat.value = 10
    show(fileOf('a', { at: 11, chat: true }), fileOf('b', { at: 12 }), fileOf('c', { at: 13 }))
    expect([unseen(), unseenInChat()]).toEqual([2, 1])
    seenInChat.value = 11
    expect(unseenInChat()).toBe(0)
  })

  it('are attached up to the limits, taken out again, and sent in their order', () => {
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: vi.fn() }))
    attach([picked('a.png', 'image/png'), picked('b.txt'), picked('c.txt')])
    expect(attached.map(({ picture }) => picture)).toEqual(['blob:1', null, null])
    useRoom().state.files = filesState({ limits: { file: 5, room: 50 } })
    attach([picked('large.bin')])
    expect(attached).toHaveLength(3)
    takeOut(attached[1]!)
    sendAttached()
    expect(sending.items.map(({ name, target }) => [name, target.chat])).toEqual([
      ['a.png', true],
      ['c.txt', true],
    ])
    expect(attached).toHaveLength(0)
    vi.unstubAllGlobals()
  })

  it('one goes after the other, so that they come in their order', () => {
    sending.add([picked('a'), picked('b')], CHAT)
    sending.add([picked('c')])
    expect(sending.items.map(({ state }) => state)).toEqual(['sending', 'queued', 'sending'])
    sending.pause(sending.items[0]!)
    expect(sending.items.map(({ state }) => state)).toEqual(['paused', 'sending', 'sending'])
  })

  it('what is pasted is called by its time', () => {
    const at = new Date(2026, 1, 3, 4, 5, 6)
    const name = (given: string) => named(picked(given, 'image/png'), at).file.name
    expect(name('image.png')).toBe('Picture 2026-02-03 at 04.05.06.png')
    expect(name('holiday.png')).toBe('holiday.png')
  })

  it('pictures have their place before they are loaded', () => {
    expect(boxOf(1600, 800)).toEqual({ width: 320, ratio: 2 })
    expect(boxOf(100, 100)).toEqual({ width: 100, ratio: 1 })
    expect(boxOf(600, 6000)).toEqual({ width: 140, ratio: 0.5 })
    expect(boxOf(16, 16)).toEqual({ width: 44, ratio: 1 })
    expect(boxOf(null, null)).toEqual({ width: 240, ratio: 1 })
  })
})
