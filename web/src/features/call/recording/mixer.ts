import type { Call } from '../engine'

/** One track with everybody's sound. What goes into it may change; the track does not, as a recorder wants it. */
export class Mixer {
  private readonly context = new AudioContext({ latencyHint: 'playback' })
  private readonly out = this.context.createMediaStreamDestination()
  private now: { source: MediaStreamAudioSourceNode; stop: () => void } | null = null

  constructor(private readonly call: Call) {
    // Silence from the first moment on: a recorder that waits for sound writes nothing.
    const silence = this.context.createConstantSource()
    silence.offset.value = 0
    silence.connect(this.out)
    silence.start()
    this.mix()
  }

  get track(): MediaStreamTrack {
    return this.out.stream.getAudioTracks()[0]!
  }

  /** Anew: one's own microphone is another track now, or a screen brings its sound. */
  mix(): void {
    void this.context.resume().catch(() => undefined)
    const before = this.now
    const { stream, stop } = this.call.mix()
    const source = this.context.createMediaStreamSource(stream)
    source.connect(this.out)
    this.now = { source, stop }
    before?.source.disconnect()
    before?.stop()
  }

  stop(): void {
    this.now?.source.disconnect()
    this.now?.stop()
    this.now = null
    void this.context.close().catch(() => undefined)
  }
}
