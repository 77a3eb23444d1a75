import { describe, expect, it } from 'vitest'
import type { EventOf, EventType, WireEvent } from '@/core/wire'
import { followed } from './coming'
import { usualName } from '@/core/device-name'
import { fileOf, filesState, uploadOf } from './fixtures'
import { fromDrop, fromList } from './gather'
import { devices, forThisDevice, thisDevice } from './hub'
import { Pace, timeLeft } from './pace'
import { expiryChoices } from './settings'
import { expiryText, kindText, mayDelete, offersOf, shortName } from './shown'
import { files } from './state'
import { refusedBefore, troubleOf } from './trouble'

const event = <T extends EventType>(type: T, data: EventOf<T>['data']) =>
  ({ stream: 'room', seq: 1, at: 1, type, data }) as unknown as WireEvent
const apply = (state = filesState(), ...events: WireEvent[]) =>
  events.reduce((before, one) => files.apply(before, one, 'me'), state)
const ids = (all: { id: string }[]) => all.map(({ id }) => id)

describe('what lies in the room', () => {
  it('[D5] stands by the time of its coming, and the same name twice is two', () => {
    const state = apply(
      filesState({ files: [fileOf('b', { at: 5 })] }),
      event('files.changed', { files: [fileOf('a', { at: 5 }), fileOf('c', { at: 2, name: 'b.bin' })] }),
    )
    expect(ids(state.files)).toEqual(['c', 'a', 'b'])
    expect(ids(apply(state, event('files.gone', { files: ['a', 'x'] })).files)).toEqual(['c', 'b'])
  })

  it('[D5] what is not about files changes nothing, and neither does what is gone already', () => {
    const state = filesState({ files: [fileOf('a')] })
    expect(apply(state, event('rooms.closed', { reason: 'owner' }))).toBe(state)
    expect(apply(state, event('files.gone', { files: ['x'] })).files).toBe(state.files)
  })

  it('[D8] what is for one person stands beside, and is asked about until it is answered', () => {
    const offer = fileOf('a', { to: 'me', accepted: false })
    const state = apply(
      filesState(),
      event('files.direct_changed', { files: [offer, fileOf('b', { to: 'ben' })] }),
    )
    expect(state.files).toEqual([])
    expect(offersOf(state.direct, 'me')).toEqual([{ author: 'ana', files: [offer] }])
    expect(offersOf(state.direct, 'me', () => false)).toEqual([])
    const taken = apply(state, event('files.direct_changed', { files: [{ ...offer, accepted: true }] }))
    expect(offersOf(taken.direct, 'me')).toEqual([])
    expect(ids(apply(taken, event('files.direct_gone', { files: ['a'], declined: true })).direct)).toEqual([
      'b',
    ])
  })

  it('[D1] [D7] settings are replaced as a whole', () => {
    const settings = { uploads: 'owner', expiry_minutes: 60 } as const
    expect(apply(filesState(), event('files.settings_changed', { settings })).settings).toEqual(settings)
    expect(expiryChoices(90).at(-1)).toEqual({ value: '90', label: '90 minutes' })
    expect(expiryChoices(60)).toEqual(expiryChoices(null))
  })

  it('[D5] own files, what was sent to me, and for hosts what is for everyone may be deleted', () => {
    const [mine, theirs] = [fileOf('a', { author: 'me' }), fileOf('b')]
    const between = fileOf('c', { to: 'ben' })
    const may = (host: boolean) => [mine, theirs, between].map((file) => mayDelete(file, 'me', host))
    expect(may(false)).toEqual([true, false, false])
    expect(may(true)).toEqual([true, true, false])
    expect(mayDelete(between, 'ben', false)).toBe(true)
  })
})

describe('what is coming', () => {
  it('[D2] follows the news, and is the same when there is none', () => {
    const one = followed(new Map(), { uploads: [uploadOf('a'), uploadOf('b')], over: [] })
    const two = followed(one, { uploads: [uploadOf('a', { offset: 50 })], over: ['b'] })
    expect([...two.values()]).toEqual([uploadOf('a', { offset: 50 })])
    expect(followed(two, { uploads: [], over: ['x'] })).toBe(two)
  })

  it('[D2] tells speed and time left over the last seconds', () => {
    const pace = new Pace()
    for (let second = 0; second <= 20; second++)
      pace.note(second * 1000, second < 10 ? 0 : (second - 10) * 500)
    expect(pace.speed).toBe(500)
    pace.note(20_500, 100)
    expect(pace.speed).toBe(0)
    expect([0, 3, 42, 600, 4000, 90_000].map((seconds) => timeLeft(seconds * 10, 10))).toEqual([
      '',
      'a few seconds left',
      '45 s left',
      '10 min left',
      '1 h 7 min left',
      'more than a day left',
    ])
  })

  it('[D6] says what is wrong with numbers, and what passes by itself', () => {
    const said = (code: string) =>
      JSON.stringify({ ok: false, code, message: 'm', size: 3e6, limit: 2e6, free: 1e6 })
    expect(troubleOf(413, said('file_too_large')).message).toBe(
      'It has 3 MB, and a file may have 2 MB here. Split it, or make it smaller.',
    )
    expect(troubleOf(413, said('room_files_full')).message).toContain('place for 1 MB more of 2 MB')
    expect(troubleOf(507, said('server_files_full')).message).toContain('this server has place for 1 MB')
    expect(troubleOf(507, said('disk_full')).passing).toBe(false)
    expect(troubleOf(409, said('files_too_many')).passing).toBe(false)
    expect(troubleOf(409, said('offset_wrong')).passing).toBe(true)
    expect([0, 423, 429, 502].map((status) => troubleOf(status, '').passing)).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect([400, 403, 404, 410, 413, 507].some((status) => troubleOf(status, '<html>').passing)).toBe(false)
    expect(refusedBefore(1000, filesState().limits)).toBeNull()
    expect(refusedBefore(1001, filesState().limits)?.message).toContain('1 kB')
  })
})

describe('what is dropped', () => {
  const entry = (file: File) => ({
    isFile: true,
    isDirectory: false,
    name: file.name,
    file: (done: (f: File) => void) => done(file),
  })
  const folder = (name: string, ...parts: object[][]) => ({
    isFile: false,
    isDirectory: true,
    name,
    createReader: () => ({ readEntries: (done: (found: object[]) => void) => done(parts.shift() ?? []) }),
  })
  const drop = (files: File[], entries: object[], empty?: (folders: number) => void) =>
    fromDrop(
      {
        files,
        items: entries.map((one) => ({ kind: 'file', webkitGetAsEntry: () => one })),
      } as unknown as DataTransfer,
      empty,
    )

  it('[D2] brings folders with all that is in them, which browsers tell in parts', async () => {
    const [a, b, c, litter] = ['a.txt', 'b.txt', 'c.txt', '.DS_Store'].map(
      (name) => new File(['x'], name),
    ) as [File, File, File, File]
    const trip = folder('Trip', [entry(a), entry(litter)], [folder('day 1', [entry(b)])])
    expect(await drop([c], [trip, entry(c)])).toEqual([
      { file: a, folder: 'Trip' },
      { file: b, folder: 'Trip/day 1' },
      { file: c, folder: '' },
    ])
  })

  it('[D2] tells of empty folders that do not come along', async () => {
    const a = new File(['x'], 'a.txt')
    const told: number[] = []
    const tell = (folders: number) => told.push(folders)
    expect(await drop([], [folder('Trip', [entry(a), folder('empty')], [folder('too')])], tell)).toHaveLength(
      1,
    )
    expect(told).toEqual([2])
    expect(await drop([], [folder('Trip')], tell)).toEqual([])
    expect(told).toEqual([2])
  })

  it('[D2] is taken as it is where there is no folder among it', async () => {
    const file = new File(['x'], '.DS_Store')
    expect(await drop([file], [entry(file)])).toEqual([{ file, folder: '' }])
    Object.defineProperty(file, 'webkitRelativePath', { value: 'Trip/.DS_Store' })
    expect(fromList([file])).toEqual([])
  })
})

describe('words', () => {
  it('[P3] a device is called what its browser says that it is', () => {
    const agents: [string, number, string][] = [
      ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5, 'iPhone'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0, 'Mac'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5, 'iPad'],
      ['Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140 Mobile Safari', 5, 'Android phone'],
      ['Mozilla/5.0 (Linux; Android 15; Tab) Chrome/140 Safari', 5, 'Android tablet'],
      ['Mozilla/5.0 (X11; CrOS x86_64)', 0, 'Chromebook'],
      ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 0, 'Windows computer'],
      ['Mozilla/5.0 (X11; Linux x86_64)', 0, 'Linux computer'],
      ['bot', 0, 'Device'],
    ]
    for (const [userAgent, maxTouchPoints, name] of agents)
      expect(usualName({ userAgent, maxTouchPoints })).toBe(name)
  })

  it('[D8] [P3] asks on the device that it was sent to, whatever the others are called', () => {
    const device = (id: string) => ({ id, person: 'me', name: 'Mac', kind: 'desktop' }) as const
    devices.value = [device('1'), device('2')]
    thisDevice.value = '2'
    expect(['1', '2', 'gone', null].map((at) => forThisDevice({ id: 'a', device: at }))).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  it('[D4] [D7] says what kind it is by its content, and how long it stays', () => {
    expect(kindText(fileOf('a', { name: 'x.jpg' }))).toBe('JPG file')
    expect(kindText(fileOf('a', { name: 'x' }))).toBe('File')
    expect(kindText(fileOf('a', { kind: 'image', type: 'image/png', name: 'x.jpg' }))).toBe('PNG image')
    expect(kindText(fileOf('a', { kind: 'text', type: 'text/plain', text: 'hi' }))).toBe('Text')
    expect([0, 90_000, 5_400_000, 3 * 86_400_000].map((left) => expiryText(left, 0))).toEqual([
      'goes now',
      'gone in 2 min',
      'gone in 2 h',
      'gone in 3 days',
    ])
  })

  it('[D5] shortens a long name in its middle, by whole letters', () => {
    expect(shortName('film.mov')).toBe('film.mov')
    const short = shortName(`${'👩‍🚀'.repeat(80)} second version.docx`)
    expect(short).toBe(`${'👩‍🚀'.repeat(41)}…econd version.docx`)
    expect([...new Intl.Segmenter().segment(short)].length).toBeLessThanOrEqual(60)
  })
})
