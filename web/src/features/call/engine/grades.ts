import type { Counters } from './counters'
import { between } from './counters'
import type { Grade, Sample, StreamSample } from './types'

const POOR = { loss: 0.1, rttMs: 600, jitterMs: 120 }
const FAIR = { loss: 0.03, rttMs: 300, jitterMs: 50 }
/** What lies between two reports that are further apart than this says nothing of now. */
const LONGEST_MS = 10_000

interface Measured {
  readonly loss: number | null
  readonly rttMs: number | null
  readonly jitterMs: number | null
}

/** How it is with somebody, by what is measured on the way. */
export function gradeOf(connected: boolean, measured: Measured): Grade {
  if (!connected) return 'lost'
  if (measured.loss === null && measured.rttMs === null) return 'unknown'
  const worse = (than: typeof POOR) =>
    (measured.loss ?? 0) > than.loss ||
    (measured.rttMs ?? 0) > than.rttMs ||
    (measured.jitterMs ?? 0) > than.jitterMs
  return worse(POOR) ? 'poor' : worse(FAIR) ? 'fair' : 'good'
}

const worst = (...streams: (StreamSample | null)[]): number | null =>
  streams.reduce<number | null>((most, one) => {
    if (one?.loss == null) return most
    return Math.max(most ?? 0, one.loss)
  }, null)

/** What a connection did between two reports. */
export function sampleOf(before: Counters | null, now: Counters, connected: boolean, at: number): Sample {
  const apart = before ? now.at - before.at : 0
  const ms = apart <= LONGEST_MS ? apart : 0
  const came = (place: keyof Counters['in']) => between(before?.in[place], now.in[place], ms)
  const went = (place: keyof Counters['out']) => between(before?.out[place], now.out[place], ms)
  const streams = {
    hears: came('microphone'),
    sees: came('camera'),
    seesScreen: came('screen'),
    sendsSound: went('microphone'),
    sendsCamera: went('camera'),
    sendsScreen: went('screen'),
  }
  const jitterMs = now.in.microphone?.jitterMs ?? null
  const loss = worst(streams.hears, streams.sees, streams.seesScreen, streams.sendsSound, streams.sendsCamera)
  return {
    at,
    rttMs: now.rttMs,
    jitterMs,
    canSendKbps: now.canSendKbps,
    relayed: now.relayed,
    grade: gradeOf(connected, { loss, rttMs: now.rttMs, jitterMs }),
    ...streams,
  }
}
