import { expect, it } from 'vitest'
import { fit, HEIGHT, placesOf, WIDTH, type Piece } from './paint'

const piece = (id: string, kind: Piece['kind'] = 'camera'): Piece => ({
  id,
  kind,
  own: false,
  seat: id,
  person: id,
  name: id,
  stream: null,
  muted: false,
})

it('[M11] has a place for everybody, within the picture, and none over another', () => {
  for (let count = 1; count <= 9; count += 1) {
    const pieces = Array.from({ length: count }, (_none, at) => piece(`p${at}`))
    const boxes = [...placesOf([...pieces, piece('screen', 'screen')]).values()]
    expect(boxes).toHaveLength(count + 1)
    for (const [at, box] of boxes.entries()) {
      expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThan(0)
      expect(box.x + box.width).toBeLessThanOrEqual(WIDTH)
      expect(box.y + box.height).toBeLessThanOrEqual(HEIGHT)
      for (const other of boxes.slice(at + 1)) {
        const apart =
          box.x + box.width <= other.x ||
          other.x + other.width <= box.x ||
          box.y + box.height <= other.y ||
          other.y + other.height <= box.y
        expect(apart).toBe(true)
      }
    }
  }
})

it('[M11] makes what is shared larger than faces', () => {
  const places = placesOf([piece('ana'), piece('ben'), piece('screen', 'screen')])
  const size = (id: string) => places.get(id)!.width * places.get(id)!.height
  expect(size('screen')).toBeGreaterThan(3 * size('ana'))
})

it('[M11] cuts faces to their place, and screens never', () => {
  const box = { x: 10, y: 20, width: 400, height: 400 }
  const wide = { width: 640, height: 480 }
  const face = fit(wide, box, false)
  expect(face).toEqual({ from: { x: 80, y: 0, width: 480, height: 480 }, to: box })
  const screen = fit(wide, box, true)
  expect(screen).toEqual({
    from: { x: 0, y: 0, ...wide },
    to: { x: 10, y: 70, width: 400, height: 300 },
  })
  // Of an upright picture in a flat place too much would be lost.
  expect(fit({ width: 480, height: 960 }, box, false).to).toEqual({ x: 110, y: 20, width: 200, height: 400 })
})
