/** What a phone asks of its microphone: one voice, without the echo and the noise of the hall, evenly loud. */
export const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
}

/** Below this it is silence on a meter. */
const QUIETEST_DB = -60

/** Root of the mean square, 0 to 1, as a part of the way from silence to full on a scale of decibels. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const level = Math.sqrt(sum / Math.max(1, samples.length))
  if (level === 0) return 0
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(level)) / QUIETEST_DB))
}

/** A meter at some point of the sound's way. */
export class Meter {
  readonly analyser: AnalyserNode
  private readonly samples: Float32Array<ArrayBuffer>

  constructor(context: AudioContext) {
    this.analyser = context.createAnalyser()
    this.analyser.fftSize = 2048
    this.samples = new Float32Array(this.analyser.fftSize)
  }

  /** How loud it is now, 0 to 1. */
  level(): number {
    this.analyser.getFloatTimeDomainData(this.samples)
    return loudness(this.samples)
  }
}

/** Plays the voice of one caller, as loud as the host wants it. */
export class Voice {
  /** What is heard of it. */
  readonly meter: Meter
  /** What comes, whatever is heard of it. */
  readonly spoken: Meter
  private readonly gain: GainNode
  private readonly source: MediaStreamAudioSourceNode
  /** Chromium lets a remote track sound in WebAudio only while some element plays it, silently. */
  private readonly sink = new Audio()

  constructor(
    private readonly context: AudioContext,
    track: MediaStreamTrack,
    out: AudioNode = context.destination,
  ) {
    const stream = new MediaStream([track])
    this.sink.muted = true
    this.sink.srcObject = stream
    void this.sink.play().catch(() => undefined)
    this.source = context.createMediaStreamSource(stream)
    this.gain = context.createGain()
    this.meter = new Meter(context)
    this.spoken = new Meter(context)
    this.source.connect(this.spoken.analyser)
    this.source.connect(this.gain).connect(this.meter.analyser).connect(out)
  }

  /** 0 to 1; a muted caller is at 0, whatever the slider says. */
  set volume(to: number) {
    // Without a click: over twenty thousandths of a second.
    this.gain.gain.setTargetAtTime(to, this.context.currentTime, 0.02)
  }

  close(): void {
    this.source.disconnect()
    this.gain.disconnect()
    this.meter.analyser.disconnect()
    this.sink.srcObject = null
  }
}
