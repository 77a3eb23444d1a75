import { Blocks } from './blocks'
import { FRAME, suppressing } from './rnnoise'

/** RNNoise in the audio thread: one channel, 48,000 samples a second, 480 at a time. */

/** What a worklet has; the page's types do not know it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: unknown): void

const QUANTUM = 128

class Suppressor extends AudioWorkletProcessor {
  private readonly blocks: Blocks

  constructor({ processorOptions }: { processorOptions: { module: WebAssembly.Module } }) {
    super()
    this.blocks = new Blocks(QUANTUM, FRAME, suppressing(processorOptions.module))
    this.port.postMessage('ready')
  }

  process([input]: [Float32Array[]], [[output]]: [[Float32Array]]): boolean {
    // Without a source for a moment: what is inside goes on coming out.
    this.blocks.pass(input[0] ?? new Float32Array(output.length), output)
    return true
  }
}

registerProcessor('salon-rnnoise', Suppressor)
