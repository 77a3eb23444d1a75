import type { Outline } from './segmenter'

/**
 * One picture from three: somebody, where they are, and what stands behind them. Only scaling and laying over each other,
 * which every canvas does, with or without a graphics card.
 */

type Pen = OffscreenCanvasRenderingContext2D
export type Picture = VideoFrame | ImageBitmap | OffscreenCanvas

/** How much of a new outline counts at once; the rest follows with the next ones, so that edges do not flicker. */
const AT_ONCE = 0.7
/** The room is made so small, in lines, and large again. */
const SOFT_LINES = { soft: 30, strong: 6 }

export interface Size {
  readonly width: number
  readonly height: number
}

export function sizeOf(picture: Picture): Size {
  return 'displayWidth' in picture
    ? { width: picture.displayWidth, height: picture.displayHeight }
    : { width: picture.width, height: picture.height }
}

/** As large as it comes, or as the step allows; even numbers, which encoders want. */
export function fitted(size: Size, height: number): Size {
  const scale = Math.min(1, height / Math.max(1, Math.min(size.width, size.height)))
  const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2)
  return { width: even(size.width), height: even(size.height) }
}

/** The part of a picture that fills another shape. */
export function covering(size: Size, shape: Size): { x: number; y: number; width: number; height: number } {
  const scale = Math.min(size.width / shape.width, size.height / shape.height)
  const [width, height] = [shape.width * scale, shape.height * scale]
  return { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height }
}

function pen(size: Size): Pen {
  const made = new OffscreenCanvas(size.width, size.height).getContext('2d')
  if (!made) throw new Error('There is no canvas.')
  made.imageSmoothingQuality = 'high'
  return made
}

const sized = (now: Pen | null, size: Size): Pen =>
  now?.canvas.width === size.width && now.canvas.height === size.height ? now : pen(size)

export class Blender {
  private out: Pen | null = null
  private edge: Pen | null = null
  private readonly ladder = new Map<string, Pen>()

  /** A canvas of this size which is kept from picture to picture. */
  private rung(name: string, size: Size): Pen {
    const key = `${name} ${size.width}×${size.height}`
    let found = this.ladder.get(key)
    if (!found) {
      // Sizes change when the pace does: those of before are not needed again soon.
      if (this.ladder.size > 24) this.ladder.clear()
      this.ladder.set(key, (found = pen(size)))
    }
    return found
  }

  /** Lets a new outline in. */
  outlined({ mask, width }: Outline): void {
    const before = this.edge
    const { height } = mask
    const edge = (this.edge = sized(before, { width, height }))
    edge.globalAlpha = edge === before ? AT_ONCE : 1
    edge.globalCompositeOperation = 'destination-out'
    edge.fillRect(0, 0, width, height)
    edge.globalCompositeOperation = 'lighter'
    const lay = () => edge.drawImage(mask, (mask.width - width) / 2, 0, width, height, 0, 0, width, height)
    lay()
    // Where nobody is any more, the room is hidden at once; and edges lie a little inside rather than outside.
    edge.globalAlpha = 1
    edge.globalCompositeOperation = 'destination-in'
    lay()
  }

  /** Nobody has been found yet, or the camera is another: everything is background. */
  forget(): void {
    this.edge = null
  }

  /** Somebody in front of a picture. */
  before(person: Picture, behind: Picture, size: Size): OffscreenCanvas {
    const out = this.person(person, size)
    const from = covering(sizeOf(behind), size)
    out.globalCompositeOperation = 'destination-over'
    out.drawImage(behind, from.x, from.y, from.width, from.height, 0, 0, size.width, size.height)
    return out.canvas
  }

  /** Somebody in front of their own room, softened. */
  softened(person: Picture, strength: 'soft' | 'strong', size: Size): OffscreenCanvas {
    const room = this.room(person, SOFT_LINES[strength], size)
    const out = this.person(person, size)
    out.globalCompositeOperation = 'destination-over'
    out.drawImage(room, 0, 0, size.width, size.height)
    return out.canvas
  }

  /** The person alone; nothing at all while nobody was found. */
  private person(person: Picture, size: Size): Pen {
    const out = (this.out = sized(this.out, size))
    out.globalCompositeOperation = 'copy'
    if (!this.edge) {
      out.clearRect(0, 0, size.width, size.height)
      return out
    }
    out.drawImage(this.edge.canvas, 0, 0, size.width, size.height)
    out.globalCompositeOperation = 'source-in'
    out.drawImage(person, 0, 0, size.width, size.height)
    return out
  }

  /**
   * The room in so few lines that nothing in it can be recognised. Somebody is cut out of it before, and the gap filled from
   * around: otherwise their colours would stand about them like a halo.
   */
  private room(person: Picture, lines: number, size: Size): OffscreenCanvas {
    const portrait = size.height > size.width
    const scale = lines / (portrait ? size.width : size.height)
    const at = (times: number): Size => ({
      width: Math.max(2, Math.round(size.width * scale * times)),
      height: Math.max(2, Math.round(size.height * scale * times)),
    })
    const large = this.rung('large', at(4))
    large.globalCompositeOperation = 'copy'
    large.drawImage(person, 0, 0, large.canvas.width, large.canvas.height)
    const small = this.rung('small', at(1))
    small.globalCompositeOperation = 'copy'
    small.drawImage(large.canvas, 0, 0, small.canvas.width, small.canvas.height)
    if (this.edge) this.filled(large, small, at(1))
    return this.grown(small, at)
  }

  /** Lays the room without its person over itself, each time spread a little further. */
  private filled(large: Pen, small: Pen, size: Size): void {
    large.globalCompositeOperation = 'destination-out'
    for (let time = 0; time < 2; time++)
      large.drawImage(this.edge!.canvas, 0, 0, large.canvas.width, large.canvas.height)
    const spread = this.rung('spread', {
      width: Math.ceil(size.width / 3),
      height: Math.ceil(size.height / 3),
    })
    for (const from of [large, small]) {
      spread.globalCompositeOperation = 'copy'
      spread.drawImage(from.canvas, 0, 0, spread.canvas.width, spread.canvas.height)
      small.globalCompositeOperation = from === large ? 'copy' : 'destination-over'
      if (from === large) small.drawImage(large.canvas, 0, 0, size.width, size.height)
      small.globalCompositeOperation = 'destination-over'
      for (let time = 0; time < 3; time++) small.drawImage(spread.canvas, 0, 0, size.width, size.height)
    }
  }

  /** Large again by doubling: at one stroke one would see its points. */
  private grown(small: Pen, at: (times: number) => Size): OffscreenCanvas {
    let last = small
    for (const times of [2, 4, 8]) {
      const next = this.rung(`grown ${times}`, at(times))
      next.globalCompositeOperation = 'copy'
      next.drawImage(last.canvas, 0, 0, next.canvas.width, next.canvas.height)
      last = next
    }
    return last.canvas
  }
}
