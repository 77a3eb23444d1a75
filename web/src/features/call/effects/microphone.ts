import rnnoise from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url'
import type { Compiled } from './compile.wasm.worker'
import worklet from './rnnoise.worklet.ts?worker&url'
import type { Processed } from '../engine/processors'

/** What RNNoise was taught with; the browser makes it of whatever the microphone gives. */
const RATE = 48_000
const PATIENCE_MS = 5_000

let compiled: Promise<WebAssembly.Module> | null = null

/** Once for a page; again after it has failed. */
function compile(): Promise<WebAssembly.Module> {
  compiled ??= new Promise<WebAssembly.Module>((resolve, reject) => {
    const worker = new Worker(new URL('./compile.wasm.worker.ts', import.meta.url), { type: 'module' })
    const refuse = (why: string) => reject(new Error(why))
    worker.addEventListener('message', ({ data }: MessageEvent<Compiled>) => {
      if ('module' in data) resolve(data.module)
      else refuse(data.failed)
      worker.terminate()
    })
    worker.addEventListener('error', ({ message }) => refuse(message))
    worker.addEventListener('messageerror', () => refuse('This browser does not hand it over.'))
    worker.postMessage(new URL(rnnoise, location.href).href)
  }).catch((error: unknown) => {
    compiled = null
    throw error
  })
  return compiled
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It took too long.')), PATIENCE_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** The suppressor's node, when it has said that it runs. */
async function suppressor(context: AudioContext): Promise<AudioWorkletNode> {
  const [module] = await Promise.all([compile(), context.audioWorklet.addModule(worklet), context.resume()])
  const node = new AudioWorkletNode(context, 'salon-rnnoise', {
    channelCount: 1,
    channelCountMode: 'explicit',
    outputChannelCount: [1],
    processorOptions: { module },
  })
  await new Promise<void>((resolve, reject) => {
    node.port.onmessage = () => resolve()
    node.onprocessorerror = () => reject(new Error('It does not run here.'))
  })
  return node
}

/**
 * A microphone whose noise is taken away, a hundredth of a second later. It is refused when it cannot be: whoever asked goes on
 * with the track that there is. `broken` is told when it stops later.
 */
export async function processMicrophone(
  microphone: MediaStreamTrack,
  broken: () => void,
): Promise<Processed> {
  const context = new AudioContext({ sampleRate: RATE, latencyHint: 'interactive' })
  try {
    const source = context.createMediaStreamSource(new MediaStream([microphone]))
    const node = await inTime(suppressor(context))
    const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
    source.connect(node).connect(out)
    const track = out.stream.getAudioTracks()[0]!
    node.onprocessorerror = broken
    // Phones pause sound for calls of their own.
    context.onstatechange = () => {
      if (context.state !== 'running') context.resume().catch(broken)
    }
    const stop = () => {
      context.onstatechange = null
      track.stop()
      void context.close().catch(() => undefined)
    }
    return { track, stop }
  } catch (error) {
    void context.close()
    throw error
  }
}
