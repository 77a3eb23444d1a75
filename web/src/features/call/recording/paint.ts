import { hueOf, initials } from '@/design/avatar'
import { arrange, type Placed } from '../layout'
import type { Picture } from './parts'

/** What is recorded is as large as this, whatever window it was recorded from. */
export const WIDTH = 1280
export const HEIGHT = 720
const EDGE = 12
const ROUND = 14
const GROUND = '#1a1410'
const GLASS = 'rgb(28 21 15 / 0.66)'
const ON_GLASS = '#fff8f0'
const FACE = '"Inter Variable", Inter, system-ui, sans-serif'

/** Somebody, or what they share, as it is to be recorded. */
export interface Piece {
  id: string
  kind: 'camera' | 'screen'
  own: boolean
  seat: string
  person: string
  name: string
  stream: MediaStream | null
  muted: boolean
}
export type PictureOf = (piece: Piece) => Picture | null
type Box = Pick<Placed, 'x' | 'y' | 'width' | 'height'>

/** Where everything stands: as in the grid of the call, which does not move when somebody speaks; shared screens are large. */
export function placesOf(pieces: readonly Piece[]): Map<string, Box> {
  const area = { width: WIDTH - 2 * EDGE, height: HEIGHT - 2 * EDGE }
  const placed = arrange({ layout: 'grid', tiles: pieces, pinned: null, speaker: null }, area)
  return new Map(
    placed.map(({ id, x, y, width, height }) => [id, { x: x + EDGE, y: y + EDGE, width, height }]),
  )
}

/** What part of a picture is shown: a face fills its place, as long as not too much of it is cut off; a screen is whole. */
export function fit(
  picture: { width: number; height: number },
  box: Box,
  whole: boolean,
): { from: Box; to: Box } {
  const { width, height } = picture
  const shape = width / height
  const ratio = box.width / box.height
  const cut = Math.max(shape / ratio, ratio / shape)
  if (whole || cut > 1.8) {
    const scale = Math.min(box.width / width, box.height / height)
    const [w, h] = [width * scale, height * scale]
    const to = { x: box.x + (box.width - w) / 2, y: box.y + (box.height - h) / 2, width: w, height: h }
    return { from: { x: 0, y: 0, width, height }, to }
  }
  const [w, h] = shape > ratio ? [height * ratio, height] : [width, width / ratio]
  return { from: { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h }, to: box }
}

/** Paints everybody with their names. */
export function paint(to: CanvasRenderingContext2D, pieces: readonly Piece[], pictureOf: PictureOf): void {
  to.fillStyle = GROUND
  to.fillRect(0, 0, WIDTH, HEIGHT)
  const places = placesOf(pieces)
  for (const piece of pieces) {
    const box = places.get(piece.id)
    if (box && box.width > 0 && box.height > 0) paintOne(to, piece, box, pictureOf(piece))
  }
}

function paintOne(to: CanvasRenderingContext2D, piece: Piece, box: Box, picture: Picture | null): void {
  to.save()
  to.beginPath()
  to.roundRect(box.x, box.y, box.width, box.height, ROUND)
  to.clip()
  const hue = hueOf(piece.person)
  to.fillStyle = piece.kind === 'screen' ? '#16110d' : `oklch(0.265 0.025 ${hue})`
  to.fillRect(box.x, box.y, box.width, box.height)
  if (picture?.image && picture.width > 0 && picture.height > 0) {
    const { from, to: at } = fit(picture, box, piece.kind === 'screen')
    to.drawImage(picture.image, from.x, from.y, from.width, from.height, at.x, at.y, at.width, at.height)
  } else if (piece.kind === 'camera') {
    paintLetters(to, piece, box, hue)
  }
  paintName(to, piece, box)
  to.restore()
}

function paintLetters(to: CanvasRenderingContext2D, { name }: Piece, box: Box, hue: number): void {
  const radius = Math.min(box.width, box.height) * 0.2
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  to.beginPath()
  to.arc(x, y, radius, 0, 2 * Math.PI)
  to.fillStyle = `oklch(0.42 0.07 ${hue})`
  to.fill()
  to.fillStyle = ON_GLASS
  to.font = `600 ${Math.round(radius * 0.8)}px ${FACE}`
  to.textAlign = 'center'
  to.textBaseline = 'middle'
  to.fillText(initials(name), x, y)
}

function paintName(to: CanvasRenderingContext2D, { name, kind, muted }: Piece, box: Box): void {
  const size = box.width < 240 ? 14 : 18
  to.font = `550 ${size}px ${FACE}`
  to.textAlign = 'start'
  to.textBaseline = 'middle'
  const words = kind === 'screen' ? `Screen of ${name}` : muted ? `${name} · muted` : name
  const text = shortened(to, words, box.width - 4 * size)
  const [width, height] = [to.measureText(text).width + size * 1.2, size * 1.7]
  const [x, y] = [box.x + size / 2, box.y + box.height - height - size / 2]
  to.beginPath()
  to.roundRect(x, y, width, height, height / 2)
  to.fillStyle = GLASS
  to.fill()
  to.fillStyle = ON_GLASS
  to.fillText(text, x + size * 0.6, y + height / 2)
}

function shortened(to: CanvasRenderingContext2D, text: string, most: number): string {
  if (to.measureText(text).width <= most) return text
  const signs = [...text]
  while (signs.length > 1 && to.measureText(`${signs.join('')}…`).width > most) signs.pop()
  return `${signs.join('')}…`
}
