import type { StreamSample } from './types'

/** What is read from one report of a connection (`getStats`): totals, of which the difference over a time says how it goes. */
export interface Counters {
  /** Milliseconds, of the report's own clock. */
  readonly at: number
  readonly in: Partial<Record<'microphone' | 'sound' | 'camera' | 'screen', Stream>>
  readonly out: Partial<Record<'microphone' | 'sound' | 'camera' | 'screen', Stream>>
  readonly rttMs: number | null
  readonly canSendKbps: number | null
  readonly relayed: boolean
}

export interface Stream {
  readonly bytes: number
  readonly packets: number
  readonly lost: number
  /** Decoded, or encoded. */
  readonly frames: number
  readonly width: number | null
  readonly height: number | null
  readonly jitterMs: number | null
  readonly codec: string | null
}

type Row = Record<string, unknown> & { id: string; type: string }
export type Report = Iterable<[string, unknown]> & { get(id: string): unknown }

const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

function streamOf(row: Row, report: Report): Stream {
  const codec = report.get(row.codecId as string) as Row | undefined
  const remote = report.get(row.remoteId as string) as Row | undefined
  const goes = row.type === 'outbound-rtp'
  const jitter = number((goes ? remote : row)?.jitter)
  return {
    bytes: number(goes ? row.bytesSent : row.bytesReceived) ?? 0,
    packets: number(goes ? row.packetsSent : row.packetsReceived) ?? 0,
    // What was lost on the way out is told by who receives.
    lost: number(goes ? remote?.packetsLost : row.packetsLost) ?? 0,
    frames: number(goes ? row.framesEncoded : row.framesDecoded) ?? 0,
    width: number(row.frameWidth),
    height: number(row.frameHeight),
    jitterMs: jitter === null ? null : jitter * 1_000,
    codec: typeof codec?.mimeType === 'string' ? codec.mimeType.replace(/^.*\//, '') : null,
  }
}

const PLACES = ['microphone', 'camera', 'screen', 'sound'] as const

/** Which place of the connection a row belongs to, by its `mid`. */
function placeOf(row: Row, mids: readonly (string | null)[]) {
  return PLACES[mids.indexOf((row.mid as string | undefined) ?? null)]
}

function pairOf(rows: Row[], report: Report): Row | undefined {
  const transport = rows.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  )
  const named = transport && (report.get(transport.selectedCandidatePairId as string) as Row | undefined)
  // Firefox names none, and marks it.
  return (
    named ??
    rows.find(
      ({ type, selected, nominated, state }) =>
        type === 'candidate-pair' && (selected === true || (nominated === true && state === 'succeeded')),
    )
  )
}

/** `mids` are those of the connection's transceivers, in their order. */
export function countersOf(report: Report, mids: readonly (string | null)[]): Counters {
  const rows = [...report].map(([, row]) => row as Row)
  const counted: { in: Record<string, Stream>; out: Record<string, Stream> } = { in: {}, out: {} }
  let at = 0
  for (const row of rows) {
    if (row.type !== 'inbound-rtp' && row.type !== 'outbound-rtp') continue
    at = Math.max(at, number(row.timestamp) ?? 0)
    const way = row.type === 'inbound-rtp' ? counted.in : counted.out
    const place = placeOf(row, mids)
    if (!place) continue
    const stream = streamOf(row, report)
    // Both of a place that was used before and is again: the one that moves is the one.
    if (!way[place] || stream.bytes >= way[place].bytes) way[place] = stream
  }
  const pair = pairOf(rows, report)
  const rtt = number(pair?.currentRoundTripTime)
  const can = number(pair?.availableOutgoingBitrate)
  const local = pair && (report.get(pair.localCandidateId as string) as Row | undefined)
  const remote = pair && (report.get(pair.remoteCandidateId as string) as Row | undefined)
  return {
    at,
    in: counted.in,
    out: counted.out,
    rttMs: rtt === null ? null : rtt * 1_000,
    canSendKbps: can === null ? null : can / 1_000,
    relayed: local?.candidateType === 'relay' || remote?.candidateType === 'relay',
  }
}

/** Of fewer packets one that is lost says nothing of the line: a voice that is silent sends two or three a second. */
const ENOUGH = 6

/** What one stream did between two reports; null when there is none. */
export function between(
  before: Stream | undefined,
  now: Stream | undefined,
  ms: number,
): StreamSample | null {
  if (!now || ms <= 0) return null
  // A stream that began anew counts from nothing.
  const since = before && before.bytes <= now.bytes && before.packets <= now.packets ? before : null
  const [packets, lost] = [now.packets - (since?.packets ?? 0), Math.max(0, now.lost - (since?.lost ?? 0))]
  const moves = now.width !== null
  return {
    kbps: ((now.bytes - (since?.bytes ?? 0)) * 8) / ms,
    loss: packets + lost >= ENOUGH ? lost / (packets + lost) : null,
    width: now.width,
    height: now.height,
    fps: moves ? ((now.frames - (since?.frames ?? 0)) * 1_000) / ms : null,
    codec: now.codec,
  }
}
