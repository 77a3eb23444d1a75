import { downloadBlob } from './files'
import type { PictureRow } from './picture-rows'

const WIDTH = 1600
const EDGE = 80
const ROW = 84
/** The page's own fonts: a canvas knows no variables of CSS. */
const face = (name: 'text' | 'display') =>
  getComputedStyle(document.documentElement).getPropertyValue(`--face-${name}`) || 'sans-serif'

function lines(pen: CanvasRenderingContext2D, text: string, width: number, most: number): string[] {
  const made: string[] = ['']
  for (const word of text.split(/\s+/)) {
    const longer = `${made.at(-1)} ${word}`.trim()
    if (pen.measureText(longer).width <= width) made[made.length - 1] = longer
    else made.push(word)
  }
  const cut = made.slice(0, most)
  if (made.length > most) cut[most - 1] += '…'
  return cut
}

function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text
  let short = text
  while (short && pen.measureText(`${short}…`).width > width) short = short.slice(0, -1)
  return `${short}…`
}

/** The chart of a poll, drawn on paper: the same on each theme, and readable in a document. */
export function paint(canvas: HTMLCanvasElement, title: string, about: string, rows: PictureRow[]): void {
  const pen = canvas.getContext('2d')!
  const titleFont = `600 48px ${face('display')}`
  pen.font = titleFont
  const head = lines(pen, title, WIDTH - 2 * EDGE, 3)
  const top = EDGE + head.length * 60 + 64
  canvas.width = WIDTH
  canvas.height = top + rows.length * ROW + EDGE
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.textBaseline = 'top'
  pen.fillStyle = '#1f1b16'
  pen.font = titleFont
  head.forEach((line, at) => pen.fillText(line, EDGE, EDGE - 16 + at * 60))
  pen.font = `26px ${face('text')}`
  pen.fillStyle = '#5d564c'
  pen.fillText(about, EDGE, EDGE + head.length * 60)
  rows.forEach((row, at) => drawRow(pen, row, top + at * ROW))
}

function drawRow(pen: CanvasRenderingContext2D, row: PictureRow, y: number): void {
  pen.font = `28px ${face('text')}`
  pen.fillStyle = '#1f1b16'
  const room = WIDTH - 2 * EDGE - pen.measureText(row.value).width - 32
  pen.fillText(fitted(pen, `${row.right ? '✓ ' : ''}${row.text}`, room), EDGE, y)
  pen.textAlign = 'right'
  pen.fillText(row.value, WIDTH - EDGE, y)
  pen.textAlign = 'left'
  if (row.share === null) return
  pen.fillStyle = '#eee9e1'
  pen.fillRect(EDGE, y + 42, WIDTH - 2 * EDGE, 18)
  pen.fillStyle = row.right ? '#3f7d4e' : '#c2562d'
  pen.fillRect(EDGE, y + 42, (WIDTH - 2 * EDGE) * row.share, 18)
}

/** Saves the chart as a PNG file. Resolves whether the browser could. */
export async function savePicture(title: string, about: string, rows: PictureRow[]): Promise<boolean> {
  await document.fonts.ready
  const canvas = document.createElement('canvas')
  paint(canvas, title, about, rows)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) return false
  downloadBlob(blob, 'poll.png')
  return true
}
