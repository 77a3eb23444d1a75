/**
 * Compiles what the noise suppressor runs, and hands it over. The page and its audio worklet may run WebAssembly that somebody
 * gives them, but compile none: only workers whose name says so may, and this is all that it does.
 */
export type Compiled = { module: WebAssembly.Module } | { failed: string }

addEventListener('message', ({ data: address }: MessageEvent<string>) => {
  const say = (compiled: Compiled) => postMessage(compiled)
  WebAssembly.compileStreaming(fetch(address)).then(
    (module) => say({ module }),
    (error: unknown) => say({ failed: String(error) }),
  )
})
