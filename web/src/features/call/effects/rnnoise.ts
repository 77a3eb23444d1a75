/** RNNoise: takes what is no voice out of a hundredth of a second of sound. */

interface Rnnoise {
  readonly memory: WebAssembly.Memory
  __wasm_call_ctors(): void
  rnnoise_create(model: number): number
  rnnoise_process_frame(state: number, out: number, input: number): number
  malloc(bytes: number): number
}

/** Samples that it works on at a time, of 48,000 a second. */
export const FRAME = 480
/** It was taught with whole numbers of 16 bits. */
const SCALE = 32_768

/** What it wants of its surroundings. Its memory is enough for it, and does not grow. */
function surroundings(memory: () => WebAssembly.Memory): WebAssembly.ModuleImports {
  return {
    // It answers with a number: whatever else is answered is made into one, and of all its memory that takes a second.
    emscripten_memcpy_big: (to: number, from: number, bytes: number): number => {
      new Uint8Array(memory().buffer).copyWithin(to, from, from + bytes)
      return to
    },
    emscripten_resize_heap: () => 0,
    __assert_fail: () => {
      throw new Error('The noise suppressor has stopped.')
    },
  }
}

/** Works on one sound: each block of `FRAME` samples (-1 to 1) after the other, in place. */
export function suppressing(module: WebAssembly.Module): (block: Float32Array) => void {
  const env = surroundings(() => rnnoise.memory)
  const rnnoise = new WebAssembly.Instance(module, { env }).exports as unknown as Rnnoise
  rnnoise.__wasm_call_ctors()
  const state = rnnoise.rnnoise_create(0)
  const place = rnnoise.malloc(FRAME * 4)
  const frame = new Float32Array(rnnoise.memory.buffer, place, FRAME)
  return (block) => {
    for (let at = 0; at < FRAME; at++) frame[at] = block[at]! * SCALE
    rnnoise.rnnoise_process_frame(state, place, place)
    for (let at = 0; at < FRAME; at++) block[at] = frame[at]! / SCALE
  }
}
