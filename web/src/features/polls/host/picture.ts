import type { Figure } from './figures'

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
export function paint(canvas: HTMLCanvasElement, title: string, about: string, figures: Figure[]): void {
  const pen = canvas.getContext('2d')!
  const titleFont = `600 48px ${face('display')}`
  pen.font = titleFont
  const head = lines(pen, title, WIDTH - 2 * EDGE, 3)
  const top = EDGE + head.length * 60 + 64
  canvas.width = WIDTH
  canvas.height = top + figures.length * ROW + EDGE
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.textBaseline = 'top'
  pen.fillStyle = '#1f1b16'
  pen.font = titleFont
  head.forEach((line, at) => pen.fillText(line, EDGE, EDGE - 16 + at * 60))
  pen.font = `26px ${face('text')}`
  pen.fillStyle = '#5d564c'
  pen.fillText(about, EDGE, EDGE + head.length * 60)
  const most = Math.max(1, ...figures.map(({ count }) => count))
  figures.forEach((figure, at) => {
    const y = top + at * ROW
    const percent = figure.share === null ? '' : ` · ${Math.round(figure.share * 100)} %`
    const value = `${figure.count.toLocaleString()}${percent}${figure.note ? ` · ${figure.note}` : ''}`
    pen.font = `28px ${face('text')}`
    pen.fillStyle = '#1f1b16'
    const room = WIDTH - 2 * EDGE - pen.measureText(value).width - 32
    pen.fillText(fitted(pen, `${figure.right ? '✓ ' : ''}${figure.text}`, room), EDGE, y)
    pen.textAlign = 'right'
    pen.fillText(value, WIDTH - EDGE, y)
    pen.textAlign = 'left'
    pen.fillStyle = '#eee9e1'
    pen.fillRect(EDGE, y + 42, WIDTH - 2 * EDGE, 18)
    pen.fillStyle = figure.right ? '#3f7d4e' : '#c2562d'
    pen.fillRect(EDGE, y + 42, ((WIDTH - 2 * EDGE) * figure.count) / most, 18)
  })
}

/** Saves the chart as a PNG file. Resolves whether the browser could. */
export async function savePicture(title: string, about: string, figures: Figure[]): Promise<boolean> {
  await document.fonts.ready
  const canvas = document.createElement('canvas')
  paint(canvas, title, about, figures)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) return false
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = 'poll.png'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  return true
}
