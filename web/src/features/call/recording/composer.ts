import { filmOf, pictureOfStream, type Film, type Picture } from './parts'
import { HEIGHT, paint, WIDTH, type Piece } from './paint'

const RATE = 15

/** Puts everybody's picture into one, fifteen times a second, behind other tabs as well. */
export class Composer {
  private readonly canvas = document.createElement('canvas')
  private readonly brush: CanvasRenderingContext2D
  private readonly film: Film
  private readonly worker = new Worker(new URL('./ticks.worker.ts', import.meta.url), { type: 'module' })
  private readonly pictures = new Map<string, { stream: MediaStream; picture: Picture }>()

  constructor(private readonly pieces: () => readonly Piece[]) {
    this.canvas.width = WIDTH
    this.canvas.height = HEIGHT
    this.brush = this.canvas.getContext('2d', { alpha: false })!
    this.film = filmOf(this.canvas, RATE)
    this.worker.onmessage = () => {
      const began = performance.now()
      this.tick()
      this.worker.postMessage(performance.now() - began)
    }
    this.tick()
  }

  get track(): MediaStreamTrack {
    return this.film.track
  }

  stop(): void {
    this.worker.terminate()
    this.film.stop()
    for (const { picture } of this.pictures.values()) picture.stop()
    this.pictures.clear()
  }

  private tick(): void {
    const pieces = this.pieces()
    for (const [id, { picture }] of this.pictures)
      if (!pieces.some((piece) => piece.id === id)) {
        picture.stop()
        this.pictures.delete(id)
      }
    paint(this.brush, pieces, (piece) => this.pictureOf(piece))
    this.film.next()
  }

  private pictureOf({ id, stream }: Piece): Picture | null {
    const known = this.pictures.get(id)
    if (known && known.stream === stream) return known.picture
    known?.picture.stop()
    this.pictures.delete(id)
    if (!stream) return null
    const picture = pictureOfStream(stream)
    this.pictures.set(id, { stream, picture })
    return picture
  }
}
