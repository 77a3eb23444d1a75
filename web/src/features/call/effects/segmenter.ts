import glue from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js'
import type { Size } from './blend'
import type { Places } from './messages'

/**
 * MediaPipe's selfie segmentation in a worker. Its package was made for pages: it looks for a document to put scripts
 * and canvases into. Here it is given just as much of one as it asks for, and its parts are ours, not what it would load.
 *
 * The model is run by the processor, not the graphics card: for pictures as small as it wants that is as quick where
 * there is a card, more than ten times quicker where there is none, and alike everywhere.
 */

/** What a model looks at: one for pictures that are wider than high, and one for those that are not. */
const WIDE = { modelSelection: 1, width: 256, height: 144 } as const
const TALL = { modelSelection: 0, width: 256, height: 256 } as const
type Look = typeof WIDE | typeof TALL

/** Where somebody is: the opacity of the middle of a small picture, so wide. It is good until the next one. */
export interface Outline {
  readonly mask: ImageBitmap
  readonly width: number
}

interface Solution {
  setOptions(options: { modelSelection: 0 | 1; useCpuInference: boolean }): void
  onResults(listener: (results: { image: ImageBitmap; segmentationMask: ImageBitmap }) => void): void
  initialize(): Promise<void>
  send(inputs: { image: OffscreenCanvas }): Promise<void>
}

interface Page {
  SelfieSegmentation?: new (options: { locateFile: (name: string) => string }) => Solution
  createMediapipeSolutionsWasm?: unknown
  document?: unknown
  window?: unknown
}

/** As much of a page as the package asks for. The one script that it would add is what this worker carries already. */
function pretendPage(page: Page): void {
  const nothing = () => undefined
  const element = (tag: string) => {
    if (tag === 'canvas') return new OffscreenCanvas(1, 1)
    const listeners: Record<string, () => void> = {}
    const addEventListener = (name: string, listener: () => void) => (listeners[name] = listener)
    return { setAttribute: nothing, addEventListener, loaded: () => listeners['load']?.() }
  }
  const appendChild = (script: { loaded: () => void }) => {
    // It tells at length how it is; what matters is thrown.
    page.createMediapipeSolutionsWasm = (options: object) =>
      glue({ ...options, print: nothing, printErr: nothing })
    script.loaded()
  }
  page.window = page
  page.document = {
    createElement: element,
    addEventListener: nothing,
    removeEventListener: nothing,
    body: { appendChild },
  }
}

export class Segmenter {
  private readonly small = new OffscreenCanvas(WIDE.width, WIDE.height)
  private readonly pen = this.small.getContext('2d')!
  private found: ImageBitmap | null = null
  private look: Look = WIDE

  private constructor(private readonly solution: Solution) {
    solution.onResults(({ image, segmentationMask }) => {
      image.close()
      this.found?.close()
      this.found = segmentationMask
    })
  }

  static async load(places: Places): Promise<Segmenter> {
    const page = self as unknown as Page
    pretendPage(page)
    await import(/* @vite-ignore */ places.script)
    if (!page.SelfieSegmentation) throw new Error('The segmenter is not what it was.')
    const files: [string, string][] = [
      ['.wasm', places.wasm],
      ['_landscape.tflite', places.wide],
      ['.tflite', places.tall],
      ['.binarypb', places.graph],
    ]
    const locateFile = (name: string) => files.find(([ending]) => name.endsWith(ending))?.[1] ?? name
    const solution = new page.SelfieSegmentation({ locateFile })
    solution.setOptions({ modelSelection: WIDE.modelSelection, useCpuInference: true })
    await solution.initialize()
    const segmenter = new Segmenter(solution)
    // The first one takes longest: better before anybody waits for it.
    await segmenter.outline(new OffscreenCanvas(WIDE.width, WIDE.height), WIDE)
    return segmenter
  }

  async outline(picture: CanvasImageSource, size: Size): Promise<Outline | null> {
    this.lookAt(size.width < size.height ? TALL : WIDE)
    const { width, height } = this.look
    // What is higher than wide stands in the middle, undistorted: a model that was made for it knows no thin people.
    const shown = this.look === TALL ? Math.round((height * size.width) / size.height) : width
    if (shown < width) this.pen.clearRect(0, 0, width, height)
    this.pen.drawImage(picture, (width - shown) / 2, 0, shown, height)
    await this.solution.send({ image: this.small })
    return this.found && { mask: this.found, width: shown }
  }

  private lookAt(look: Look): void {
    if (this.look === look) return
    this.look = look
    this.small.width = look.width
    this.small.height = look.height
    this.solution.setOptions({ modelSelection: look.modelSelection, useCpuInference: true })
  }
}
