import type { Grade, Sample, StreamSample } from './engine/types'

export const GRADES: Record<Grade, { word: string; look: 'good' | 'warn' | 'bad' | 'plain' }> = {
  good: { word: 'Good', look: 'good' },
  fair: { word: 'Fair', look: 'warn' },
  poor: { word: 'Poor', look: 'bad' },
  lost: { word: 'Lost', look: 'bad' },
  unknown: { word: 'Not known yet', look: 'plain' },
}

export function rate(kbps: number | null): string {
  if (kbps === null) return '–'
  if (kbps < 1) return '0 kbit/s'
  return kbps < 1000 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1000).toFixed(1)} Mbit/s`
}
export const lost = (part: number | null): string => {
  if (part === null) return '–'
  return part > 0 && part < 0.001 ? 'under 0.1 %' : `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`
}
export const trip = (ms: number | null): string => (ms === null ? '–' : `${Math.round(ms)} ms`)

/** As `640×360, 24 fps, VP8`. Empty when there is no picture. */
export function picture(stream: StreamSample | null): string {
  if (!stream?.width || !stream.height) return ''
  const parts = [`${stream.width}×${stream.height}`]
  if (stream.fps !== null) parts.push(`${Math.round(stream.fps)} fps`)
  if (stream.codec) parts.push(stream.codec.replace(/^(video|audio)\//, ''))
  return parts.join(', ')
}

const sum = (...streams: (StreamSample | null)[]): number | null => {
  const there = streams.filter((stream) => stream !== null)
  return there.length > 0 ? there.reduce((all, { kbps }) => all + kbps, 0) : null
}
export const arriving = (sample: Sample): number | null => sum(sample.hears, sample.sees, sample.seesScreen)
export const leaving = (sample: Sample): number | null =>
  sum(sample.sendsSound, sample.sendsCamera, sample.sendsScreen)
/** The worst of what arrives. */
export function missing(sample: Sample): number | null {
  const parts = [sample.hears, sample.sees, sample.seesScreen].map((stream) => stream?.loss ?? null)
  const known = parts.filter((part) => part !== null)
  return known.length > 0 ? Math.max(...known) : null
}
