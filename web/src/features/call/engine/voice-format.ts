/**
 * How a voice is made for this end (RFC 7587). With pauses: while nobody speaks, hardly anything is sent or unpacked
 * (`usedtx`), and in a call of many most are silent most of the time. And at a rate at which Opus leaves its model of the voice
 * aside: a third of the work for each receiver, and closer to what was said. On a line that does not carry that, congestion
 * control lowers it, and with losses Opus goes back to the model by itself, as only that mends them.
 */
const FORMAT = { usedtx: '1', maxaveragebitrate: '64000' }

/**
 * A description of this end by which the other one sends its voice like that. The first sound of a connection is the
 * microphone; a screen's is left as it is, as it may be music.
 */
export function withVoice(sdp: string): string {
  const from = sdp.indexOf('m=audio')
  if (from < 0) return sdp
  const next = sdp.indexOf('\r\nm=', from)
  const section = sdp.slice(from, next < 0 ? undefined : next)
  const payload = /^a=rtpmap:(\d+) opus\//im.exec(section)?.[1]
  if (!payload) return sdp
  const line = new RegExp(`^a=fmtp:${payload} (.*)$`, 'm')
  const asked = section.replace(line, (_, known: string) => {
    const kept = known.split(';').filter((one) => !((one.split('=')[0] ?? '').trim() in FORMAT))
    return `a=fmtp:${payload} ${[...kept, ...Object.entries(FORMAT).map((one) => one.join('='))].join(';')}`
  })
  return sdp.slice(0, from) + asked + sdp.slice(from + section.length)
}
