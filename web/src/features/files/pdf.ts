import { AnnotationMode, getDocument, GlobalWorkerOptions } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { PDFDocumentLoadingTask, PDFPageProxy } from 'pdfjs-dist'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

export type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist'

GlobalWorkerOptions.workerSrc = worker

/** Pixels of one picture within a PDF: larger ones are left out, as they would take a phone's memory. */
const MOST_IMAGE = 64_000_000
/** Pixels of a page as it is drawn. */
const MOST_DRAWN = 6_000_000
/** Letters of a page that are read out. */
const MOST_READ = 20_000

/**
 * Opens a PDF that somebody brought. It is drawn as pictures: no script of it runs (what runs them is not loaded, nothing of it
 * is evaluated as code), no form, link or attachment of it is made, and it loads nothing from elsewhere.
 */
export function openPdf(url: string, length: number): PDFDocumentLoadingTask {
  return getDocument({
    url,
    length,
    // Only the parts that are looked at.
    rangeChunkSize: 256 * 1024,
    disableAutoFetch: true,
    disableStream: true,
    isEvalSupported: false,
    enableXfa: false,
    useWasm: false,
    useSystemFonts: false,
    maxImageSize: MOST_IMAGE,
    canvasMaxAreaInBytes: MOST_DRAWN * 4,
    cMapUrl: '/pdf/cmaps/',
    standardFontDataUrl: '/pdf/standard_fonts/',
    wasmUrl: '/pdf/wasm/',
  })
}

/** Draws a page so many CSS pixels wide. Resolves when it is drawn. */
export async function drawPage(page: PDFPageProxy, canvas: HTMLCanvasElement, width: number): Promise<void> {
  const plain = page.getViewport({ scale: 1 })
  const wanted = (width * Math.min(devicePixelRatio, 2)) / plain.width
  const most = Math.sqrt(MOST_DRAWN / (plain.width * plain.height))
  const viewport = page.getViewport({ scale: Math.min(wanted, most) })
  canvas.width = Math.max(1, Math.floor(viewport.width))
  canvas.height = Math.max(1, Math.floor(viewport.height))
  await page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE }).promise
}

/** What a page says, for those who have it read out. */
export async function textOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent()
  const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
  return text.slice(0, MOST_READ).trim()
}
