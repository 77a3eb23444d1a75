import type { Size } from './blend'
import type { Scene } from './types'

/** Rooms that are drawn, not photographed: a little out of focus, as a wall behind somebody is. */

type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D
type Stop = readonly [number, string]

export const SCENE_NAMES: Record<Scene, string> = {
  linen: 'Linen',
  shelves: 'Bookshelves',
  evening: 'Evening window',
  meadow: 'Meadow',
  lamp: 'Lamplight',
}

function down(pen: Pen, height: number, stops: readonly Stop[]): CanvasGradient {
  const gradient = pen.createLinearGradient(0, 0, 0, height)
  for (const [at, colour] of stops) gradient.addColorStop(at, colour)
  return gradient
}

function glow(pen: Pen, x: number, y: number, radius: number, stops: readonly Stop[]): void {
  const gradient = pen.createRadialGradient(x, y, 0, x, y, radius)
  for (const [at, colour] of stops) gradient.addColorStop(at, colour)
  pen.fillStyle = gradient
  pen.fillRect(x - radius, y - radius, radius * 2, radius * 2)
}

/** Numbers that look thrown, and are the same each time. */
function thrown(seed: number): () => number {
  let now = seed
  return () => (now = (now * 48271) % 2147483647) / 2147483647
}

function wall(pen: Pen, { width, height }: Size, stops: readonly Stop[]): void {
  pen.fillStyle = down(pen, height, stops)
  pen.fillRect(0, 0, width, height)
}

/** A plain wall by day, with the light of a window falling on it from the side. */
function linen(pen: Pen, size: Size): void {
  const { width: w, height: h } = size
  wall(pen, size, [
    [0, '#efe7da'],
    [1, '#d9cdbb'],
  ])
  glow(pen, w * 0.12, h * 0.1, w * 0.7, [
    [0, 'rgba(255,250,238,0.9)'],
    [1, 'rgba(255,250,238,0)'],
  ])
  pen.fillStyle = 'rgba(255,248,230,0.35)'
  for (const left of [0.52, 0.72]) {
    pen.beginPath()
    pen.moveTo(w * left, h * 0.08)
    pen.lineTo(w * (left + 0.16), h * 0.14)
    pen.lineTo(w * (left + 0.22), h * 0.66)
    pen.lineTo(w * (left + 0.06), h * 0.6)
    pen.fill()
  }
  glow(pen, w, h, w * 0.6, [
    [0, 'rgba(120,98,70,0.25)'],
    [1, 'rgba(120,98,70,0)'],
  ])
}

const SPINES = [
  '#7a4a3a',
  '#3f5560',
  '#8a7a55',
  '#4d5a45',
  '#6a5468',
  '#a5694a',
  '#2f3d4a',
  '#b39a72',
  '#5d3b34',
]

/** One board of books, standing, some leaning on each other by their colours alone. */
function board(pen: Pen, { width }: Size, top: number, tall: number, random: () => number): void {
  let x = -width * 0.02
  while (x < width) {
    const thick = width * (0.014 + random() * 0.022)
    const high = tall * (0.6 + random() * 0.32)
    if (random() < 0.1) {
      x += thick * 2.4
      continue
    }
    pen.fillStyle = SPINES[Math.floor(random() * SPINES.length)]!
    pen.fillRect(x, top + tall - high, thick, high)
    pen.fillStyle = 'rgba(255,240,215,0.16)'
    pen.fillRect(x + thick * 0.15, top + tall - high, thick * 0.2, high)
    pen.fillRect(x, top + tall - high * 0.85, thick, tall * 0.03)
    x += thick + width * 0.002
  }
  pen.fillStyle = '#5b3f2b'
  pen.fillRect(0, top + tall, width, tall * 0.09)
  pen.fillStyle = 'rgba(0,0,0,0.28)'
  pen.fillRect(0, top + tall * 1.09, width, tall * 0.05)
}

function shelves(pen: Pen, size: Size): void {
  wall(pen, size, [
    [0, '#4a3424'],
    [1, '#33241a'],
  ])
  const random = thrown(41)
  const tall = size.height / 3.4
  for (let row = 0; row < 4; row++) board(pen, size, row * tall * 1.14 - tall * 0.3, tall, random)
  glow(pen, size.width * 0.5, 0, size.width * 0.8, [
    [0, 'rgba(255,214,150,0.35)'],
    [1, 'rgba(255,214,150,0)'],
  ])
}

/** A window on a blue evening, lights far away. */
function evening(pen: Pen, size: Size): void {
  const { width: w, height: h } = size
  wall(pen, size, [
    [0, '#2a2f42'],
    [1, '#1d2030'],
  ])
  const [left, top, wide, high] = [w * 0.1, h * 0.06, w * 0.8, h * 0.78]
  pen.save()
  pen.beginPath()
  pen.rect(left, top, wide, high)
  pen.clip()
  wall(pen, size, [
    [0, '#31497a'],
    [0.45, '#8a7fa6'],
    [0.65, '#e0a487'],
    [0.85, '#3b3550'],
  ])
  const random = thrown(17)
  for (let light = 0; light < 70; light++) {
    const [x, y] = [left + random() * wide, h * (0.62 + random() * 0.22)]
    const warm = random() < 0.75 ? '255,206,140' : '190,215,255'
    glow(pen, x, y, h * (0.008 + random() * 0.018), [
      [0, `rgba(${warm},0.85)`],
      [0.6, `rgba(${warm},0.5)`],
      [1, `rgba(${warm},0)`],
    ])
  }
  pen.restore()
  pen.fillStyle = '#171a27'
  for (const x of [0.1, 0.365, 0.63, 0.89]) pen.fillRect(w * x - w * 0.006, top, w * 0.018, high)
  pen.fillRect(left, top + high * 0.36, wide, h * 0.014)
  pen.fillRect(left - w * 0.02, top + high, wide + w * 0.04, h * 0.03)
}

function hill(
  pen: Pen,
  { width, height }: Size,
  base: number,
  swing: number,
  shift: number,
  colour: string,
): void {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(0, height)
  for (let x = 0; x <= 1.001; x += 0.02) {
    const y = base + Math.sin(x * 5 + shift) * swing + Math.sin(x * 11 + shift * 2) * swing * 0.3
    pen.lineTo(x * width, y * height)
  }
  pen.lineTo(width, height)
  pen.fill()
}

/** Hills in the first light. */
function meadow(pen: Pen, size: Size): void {
  const { width: w, height: h } = size
  wall(pen, size, [
    [0, '#a9c6d6'],
    [0.5, '#f0dcc0'],
    [0.7, '#f3c99a'],
  ])
  glow(pen, w * 0.72, h * 0.46, w * 0.4, [
    [0, 'rgba(255,246,220,1)'],
    [0.12, 'rgba(255,236,190,0.85)'],
    [1, 'rgba(255,226,170,0)'],
  ])
  hill(pen, size, 0.58, 0.04, 0.4, '#a8b49a')
  hill(pen, size, 0.66, 0.05, 2.2, '#86997a')
  hill(pen, size, 0.77, 0.04, 4.1, '#647d5a')
  hill(pen, size, 0.9, 0.03, 5.6, '#49633f')
}

/** A dark room and one lamp. */
function lamp(pen: Pen, size: Size): void {
  const { width: w, height: h } = size
  wall(pen, size, [
    [0, '#2b211c'],
    [1, '#171210'],
  ])
  glow(pen, w * 0.82, h * 0.38, w * 0.62, [
    [0, 'rgba(255,190,110,0.75)'],
    [0.25, 'rgba(235,150,80,0.4)'],
    [1, 'rgba(200,110,50,0)'],
  ])
  pen.fillStyle = '#ffe3b0'
  pen.beginPath()
  pen.moveTo(w * 0.775, h * 0.3)
  pen.lineTo(w * 0.865, h * 0.3)
  pen.lineTo(w * 0.9, h * 0.46)
  pen.lineTo(w * 0.74, h * 0.46)
  pen.fill()
  pen.fillStyle = '#3a2a20'
  pen.fillRect(w * 0.816, h * 0.46, w * 0.008, h * 0.3)
  pen.fillStyle = '#3d2b20'
  pen.fillRect(w * 0.6, h * 0.76, w * 0.4, h * 0.24)
  pen.fillStyle = 'rgba(255,200,130,0.25)'
  pen.fillRect(w * 0.6, h * 0.76, w * 0.4, h * 0.012)
}

const DRAWN: Record<Scene, (pen: Pen, size: Size) => void> = { linen, shelves, evening, meadow, lamp }

/** Draws a scene; it is made soft by whoever lays it down, by drawing it small. */
export function drawScene(pen: Pen, scene: Scene, size: Size): void {
  pen.save()
  DRAWN[scene](pen, size)
  pen.restore()
}

/** A scene as it stands behind somebody: drawn small, so that it is a little out of focus when it is large. */
export function paintedScene(scene: Scene, shape: Size): OffscreenCanvas {
  const height = 270
  const size = { width: Math.max(2, Math.round((height * shape.width) / shape.height)), height }
  const canvas = new OffscreenCanvas(size.width, size.height)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('There is no canvas.')
  drawScene(pen, scene, size)
  return canvas
}
