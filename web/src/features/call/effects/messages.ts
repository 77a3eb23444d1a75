import type { Background } from './types'

/** What the page and the worker that makes pictures with a background tell each other. */

/** Where the parts of the segmenter lie: the page knows, by the build. */
export interface Places {
  readonly script: string
  readonly wasm: string
  readonly graph: string
  /** The models for pictures that are wider than high, and higher than wide. */
  readonly wide: string
  readonly tall: string
}

export type ToWorker =
  | { readonly kind: 'begin'; readonly places: Places; readonly out: WritableStream<VideoFrame> | null }
  /** Pictures of a camera from now on, as a stream where the browser has it; otherwise the worker asks for each. */
  | {
      readonly kind: 'source'
      readonly frames: ReadableStream<VideoFrame> | null
      readonly rate: number
    }
  | { readonly kind: 'background'; readonly background: Background; readonly own: ImageBitmap | null }
  /** One picture of the camera, after it was asked for; null: there is none just now. */
  | { readonly kind: 'picture'; readonly picture: ImageBitmap | null }
  | { readonly kind: 'pressed'; readonly pressed: boolean }

export type FromWorker =
  | { readonly kind: 'ask' }
  | { readonly kind: 'made'; readonly picture: ImageBitmap }
  | {
      readonly kind: 'health'
      readonly state: 'loading' | 'full' | 'reduced' | 'struggling' | 'failed'
      readonly rate: number
      readonly height: number
    }
