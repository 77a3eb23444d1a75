import { describe, expect, it } from 'vitest'
import { Arrives } from './arrivals'
import { countersOf } from './counters'
import { gradeOf, sampleOf } from './grades'
import { readNote, writeNote } from './notes'
import { cameraFor, Narrow, screenFor } from './sending'
import { ActiveSpeaker } from './speakers'

const HD = { width: 1280, height: 720 }

describe('[M7] how large a camera is sent', () => {
  it('follows the tile that it is for', () => {
    const heights = [90, 180, 200, 350, 500, 700, 2_000].map(
      (height) => HD.height / cameraFor('auto', [(height * 16) / 9, height], HD, 1, 'free').scale,
    )
    expect(heights).toEqual([90, 180, 180, 360, 540, 720, 720])
    const narrow = cameraFor('auto', [640, 20], HD, 1, 'free')
    expect(HD.height / narrow.scale).toBe(360)
  })

  it('is not sent to who does not show it', () => {
    expect(cameraFor('auto', null, HD, 1, 'free').active).toBe(false)
    expect(cameraFor('high', null, HD, 1, 'free').active).toBe(false)
  })

  it('gets smaller the more there are, and never larger than the room wants', () => {
    const of = (pictures: 'auto' | 'high' | 'low' | 'smallest', receivers: number) =>
      HD.height / cameraFor(pictures, [1280, 720], HD, receivers, 'free').scale
    expect([1, 3, 5, 7].map((receivers) => of('auto', receivers))).toEqual([720, 540, 360, 270])
    expect(of('high', 7)).toBe(720)
    expect(of('low', 1)).toBe(360)
    const smallest = cameraFor('smallest', [1280, 720], HD, 7, 'free')
    expect([HD.width / smallest.scale, HD.height / smallest.scale, smallest.maxFramerate]).toEqual([
      160, 90, 8,
    ])
    // Where a device is short of time, fewer; never so few that it is no moving picture any more.
    const short = (share: number) => cameraFor('smallest', [1280, 720], HD, 7, 'free', share).maxFramerate
    expect([short(0.5), short(0.25), short(0.1)]).toEqual([4, 2, 2])
    // A camera that is small itself is not blown up.
    expect(cameraFor('auto', [1280, 720], { width: 160, height: 90 }, 1, 'free').scale).toBe(1)
  })

  it('keeps what is on a screen readable', () => {
    expect(screenFor([1600, 900], { width: 1920, height: 1080 }, 1, 'free').scale).toBe(1)
    expect(screenFor([160, 90], { width: 1920, height: 1080 }, 1, 'free').scale).toBe(2)
    expect(screenFor([1600, 900], { width: 1920, height: 1080 }, 1, 'small').maxFramerate).toBe(5)
  })
})

describe('[M7] sound goes first', () => {
  const during = (narrow: Narrow, kbps: number | null, from: number, seconds: number) => {
    let state = narrow.state
    for (let at = from; at < from + seconds; at += 1) state = narrow.look(kbps, 0, at * 1_000)
    return state
  }
  it('makes the camera small, then pauses it, and tries again ever more seldom', () => {
    const narrow = new Narrow()
    expect(during(narrow, 800, 0, 10)).toBe('free')
    expect(during(narrow, 120, 10, 3)).toBe('free')
    expect(during(narrow, 120, 13, 2)).toBe('small')
    expect(during(narrow, 60, 15, 5)).toBe('paused')
    expect(during(narrow, 60, 20, 5)).toBe('paused')
    expect(during(narrow, 60, 25, 5)).toBe('small')
    expect(during(narrow, 60, 30, 5)).toBe('paused')
    expect(during(narrow, 400, 35, 14)).toBe('paused')
    expect(during(narrow, 400, 49, 12)).toBe('free')
  })
  it('does not mind a moment, nor a browser that tells nothing', () => {
    const narrow = new Narrow()
    expect(during(narrow, 100, 0, 2)).toBe('free')
    expect(during(narrow, 900, 2, 2)).toBe('free')
    expect(during(narrow, 100, 4, 2)).toBe('free')
    expect(during(narrow, null, 6, 30)).toBe('free')
  })
})

describe('[M4] what arrives is measured', () => {
  const state = { said: true, held: false, paused: false, count: 0 }
  it('is here while it comes, missing when it does not', () => {
    const one = new Arrives()
    expect(one.look({ ...state, said: false, count: null }, 0)).toBe('off')
    expect(one.look({ ...state, count: null }, 100)).toBe('coming')
    expect(one.look({ ...state, count: 3 }, 300)).toBe('here')
    expect(one.look({ ...state, count: 9 }, 1_300)).toBe('here')
    expect(one.look({ ...state, count: 9 }, 5_300)).toBe('missing')
    expect(one.look({ ...state, count: 10 }, 6_300)).toBe('here')
    const never = new Arrives()
    never.look(state, 0)
    expect(never.look(state, 5_000)).toBe('coming')
    expect(never.look(state, 7_000)).toBe('missing')
  })
  it('begins anew when it is switched on again, and is held whatever comes', () => {
    const one = new Arrives()
    one.look({ ...state, count: 5 }, 0)
    one.look({ ...state, count: 6 }, 200)
    expect(one.look({ ...state, said: false, count: 7 }, 400)).toBe('off')
    expect(one.look({ ...state, count: 7 }, 600)).toBe('coming')
    expect(one.look({ ...state, count: 7 }, 800)).toBe('coming')
    expect(one.look({ ...state, count: 8 }, 1_000)).toBe('here')
    expect(one.look({ ...state, held: true, count: 9 }, 1_200)).toBe('held')
    expect(one.look({ ...state, paused: true, count: 9 }, 1_400)).toBe('paused')
  })
})

describe('[M7] reports of a connection', () => {
  const report = (frames: number, bytes: number, lost: number, at: number) =>
    new Map<string, unknown>([
      ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P' }],
      [
        'P',
        {
          id: 'P',
          type: 'candidate-pair',
          currentRoundTripTime: 0.05,
          availableOutgoingBitrate: 400_000,
          localCandidateId: 'L',
          remoteCandidateId: 'R',
        },
      ],
      ['L', { id: 'L', type: 'local-candidate', candidateType: 'relay' }],
      ['C', { id: 'C', type: 'codec', mimeType: 'video/VP8' }],
      [
        'V',
        {
          id: 'V',
          type: 'inbound-rtp',
          kind: 'video',
          mid: '1',
          timestamp: at,
          bytesReceived: bytes,
          packetsReceived: bytes / 1_000,
          packetsLost: lost,
          framesDecoded: frames,
          frameWidth: 640,
          frameHeight: 360,
          codecId: 'C',
        },
      ],
      ['S', { id: 'S', type: 'inbound-rtp', kind: 'video', mid: '2', timestamp: at, framesDecoded: 1 }],
    ])
  it('tell a second of each stream', () => {
    const mids = ['0', '1', '2']
    const before = countersOf(report(30, 100_000, 0, 1_000), mids)
    const now = countersOf(report(60, 200_000, 100, 2_000), mids)
    const sample = sampleOf(before, now, true, 0)
    expect(sample.sees).toEqual({ kbps: 800, loss: 0.5, width: 640, height: 360, fps: 30, codec: 'VP8' })
    expect(sample.seesScreen?.fps).toBeNull()
    expect([sample.rttMs, sample.canSendKbps, sample.relayed, sample.grade]).toEqual([50, 400, true, 'poor'])
  })
  it('are graded', () => {
    expect(gradeOf(false, { loss: 0, rttMs: 1, jitterMs: 1 })).toBe('lost')
    expect(gradeOf(true, { loss: null, rttMs: null, jitterMs: null })).toBe('unknown')
    expect(gradeOf(true, { loss: 0, rttMs: 40, jitterMs: 5 })).toBe('good')
    expect(gradeOf(true, { loss: 0.05, rttMs: 40, jitterMs: 5 })).toBe('fair')
    expect(gradeOf(true, { loss: 0, rttMs: 700, jitterMs: 5 })).toBe('poor')
  })
})

describe('[M5] who has the attention', () => {
  it('moves calmly and stays', () => {
    const active = new ActiveSpeaker()
    const all = ['a', 'b', 'c']
    expect(active.look([], all, 0)).toBeNull()
    expect(active.look(['b'], all, 100)).toBe('b')
    // Somebody coughs.
    expect(active.look(['a'], all, 2_000)).toBe('b')
    expect(active.look([], all, 2_300)).toBe('b')
    expect(active.look(['a'], all, 3_000)).toBe('b')
    expect(active.look(['a', 'c'], all, 3_800)).toBe('a')
    expect(active.look(['c'], all, 4_600)).toBe('a')
    expect(active.look(['c'], all, 5_400)).toBe('c')
    // While two talk at once, nothing jumps.
    expect(active.look(['a', 'c'], all, 9_000)).toBe('c')
    expect(active.look([], ['a', 'b'], 9_100)).toBeNull()
  })
})

describe('notes between pages', () => {
  it('are read as they were written, and nothing else is', () => {
    const note = { want: { camera: [640, 360] as const, screen: null }, paused: true }
    expect(readNote(writeNote(note))).toEqual(note)
    for (const bad of [
      '',
      'null',
      '[]',
      '7',
      '{"want":{"camera":[1,2,3],"screen":null}}',
      '{"want":{"camera":[0,5],"screen":null}}',
      '{"want":{"camera":[1e9,5],"screen":null}}',
      '{"want":{"camera":["1","2"],"screen":null}}',
      '{"want":{}}',
      '{"paused":"yes"}',
    ])
      expect(readNote(bad) ?? {}).toEqual({})
  })
})
