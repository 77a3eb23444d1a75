import type { FromWorker, ToWorker } from './messages'
import { Painter } from './painter'

/** Makes pictures with a background. Its name says that it runs WebAssembly: the server gives such workers a policy for it. */
const painter = new Painter((message: FromWorker, transfer: Transferable[] = []) =>
  postMessage(message, { transfer }),
)
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => painter.told(data))
