import { describe, expect, it } from 'vitest'
import { withVoice } from './voice-format'

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('')
const VOICE = ['m=audio 9 UDP/TLS/RTP/SAVPF 111 63', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:63 red/48000/2']
const FORMATS = ['a=fmtp:111 minptime=10;useinbandfec=1', 'a=fmtp:63 111/111']
const PICTURE = ['m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=rtpmap:96 VP8/90000']

describe('[M7] how a voice is made', () => {
  it('is asked for where the voice is described, and nowhere else', () => {
    const sdp = lines('v=0', ...VOICE, ...FORMATS, ...PICTURE, ...VOICE, ...FORMATS)
    expect(withVoice(sdp)).toBe(
      lines(
        'v=0',
        ...VOICE,
        'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=64000',
        'a=fmtp:63 111/111',
        ...PICTURE,
        ...VOICE,
        ...FORMATS,
      ),
    )
  })

  it('is asked for once', () => {
    const sdp = withVoice(lines('v=0', ...VOICE, ...FORMATS))
    expect(withVoice(sdp)).toBe(sdp)
  })

  it.each([
    ['without sound', lines('v=0', ...PICTURE)],
    ['without Opus', lines('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 8', 'a=rtpmap:8 PCMA/8000')],
    ['without a format', lines('v=0', ...VOICE)],
    ['that is none', ''],
  ])('leaves a description %s as it is', (_, sdp) => {
    expect(withVoice(sdp)).toBe(sdp)
  })
})
