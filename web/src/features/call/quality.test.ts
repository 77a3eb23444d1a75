import { describe, expect, it } from 'vitest'
import type { Sample, StreamSample } from './engine/types'
import { arriving, leaving, lost, missing, picture, rate, trip } from './quality'

const stream = (more: Partial<StreamSample>): StreamSample => ({
  kbps: 100,
  loss: 0,
  width: null,
  height: null,
  fps: null,
  codec: null,
  ...more,
})
const sample = (more: Partial<Sample>): Sample => ({
  at: 0,
  rttMs: 20,
  jitterMs: 1,
  canSendKbps: null,
  relayed: false,
  grade: 'good',
  hears: null,
  sees: null,
  seesScreen: null,
  sendsSound: null,
  sendsCamera: null,
  sendsScreen: null,
  ...more,
})

describe('numbers of a connection [M7]', () => {
  it('says them for people', () => {
    expect([rate(null), rate(0), rate(31.6), rate(1540)]).toEqual([
      '–',
      '0 kbit/s',
      '32 kbit/s',
      '1.5 Mbit/s',
    ])
    expect([lost(null), lost(0), lost(0.0004), lost(0.052), lost(0.31)]).toEqual([
      '–',
      '0.0 %',
      'under 0.1 %',
      '5.2 %',
      '31 %',
    ])
    expect([trip(null), trip(41.6)]).toEqual(['–', '42 ms'])
    expect(picture(stream({ width: 640, height: 360, fps: 23.7, codec: 'video/VP8' }))).toBe(
      '640×360, 24 fps, VP8',
    )
    expect(picture(stream({}))).toBe('')
    expect(picture(null)).toBe('')
  })

  it('adds what comes and what goes, and takes the worst loss', () => {
    const one = sample({
      hears: stream({ kbps: 30, loss: 0.01 }),
      sees: stream({ kbps: 500, loss: 0.2 }),
      sendsSound: stream({ kbps: 32 }),
    })
    expect([arriving(one), leaving(one), missing(one)]).toEqual([530, 32, 0.2])
    expect([arriving(sample({})), leaving(sample({})), missing(sample({}))]).toEqual([null, null, null])
  })
})
