import { Blocks } from './blocks'

/** RNNoise in the audio thread: one channel, 48,000 samples a second, 480 at a time. */

interface Rnnoise {
  readonly memory: WebAssembly.Memory
  __wasm_call_ctors(): void
  rnnoise_create(model: number): number
  rnnoise_process_frame(state: number, out: number, input: number): number
  malloc(bytes: number): number
}

/** What a worklet has; the page's types do not know it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: unknown): void

const QUANTUM = 128
const FRAME = 480
/** It was taught with whole numbers of 16 bits. */
const SCALE = 32_768

/** What it wants of its surroundings. Its memory is enough for it, and does not grow. */
function surroundings(memory: () => WebAssembly.Memory): WebAssembly.ModuleImports {
  return {
    emscripten_memcpy_big: (to: number, from: number, bytes: number) =>
      new Uint8Array(memory().buffer).copyWithin(to, from, from + bytes),
    emscripten_resize_heap: () => 0,
    __assert_fail: () => {
      throw new Error('The noise suppressor has stopped.')
    },
  }
}

class Suppressor extends AudioWorkletProcessor {
  private readonly blocks: Blocks

  constructor({ processorOptions }: { processorOptions: { module: WebAssembly.Module } }) {
    super()
    const env = surroundings(() => rnnoise.memory)
    const instance = new WebAssembly.Instance(processorOptions.module, { env })
    const rnnoise = instance.exports as unknown as Rnnoise
    rnnoise.__wasm_call_ctors()
    const state = rnnoise.rnnoise_create(0)
    const place = rnnoise.malloc(FRAME * 4)
    const frame = new Float32Array(rnnoise.memory.buffer, place, FRAME)
    this.blocks = new Blocks(QUANTUM, FRAME, (block) => {
      for (let at = 0; at < FRAME; at++) frame[at] = block[at]! * SCALE
      rnnoise.rnnoise_process_frame(state, place, place)
      for (let at = 0; at < FRAME; at++) block[at] = frame[at]! / SCALE
    })
    this.port.postMessage('ready')
  }

  process([input]: [Float32Array[]], [[output]]: [[Float32Array]]): boolean {
    // Without a source for a moment: what is inside goes on coming out.
    this.blocks.pass(input[0] ?? new Float32Array(output.length), output)
    return true
  }
}

registerProcessor('salon-rnnoise', Suppressor)
