/** An element of a picture: its tag, what it has, what is in it. */
export type Shape = [tag: string, has: Record<string, string | number>, inside?: Shape[]]

export interface Scene {
  defs: Shape[]
  shapes: Shape[]
}

/** The size that all pictures are drawn in; they fill whatever they lie behind and are cut at the sides. */
export const WIDTH = 1600
export const HEIGHT = 900

/** Numbers that look like chance and are the same each time, so that nobody sees another picture than their neighbour. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const short = (value: number) => Math.round(value * 10) / 10
export const at = (...points: number[]): string => points.map(short).join(' ')

/** So much of the other colour in one: both as #rrggbb. */
export function blend(one: string, other: string, share: number): string {
  const part = (from: number) => {
    const [a, b] = [one, other].map((color) => parseInt(color.slice(from, from + 2), 16))
    return Math.round(a! + (b! - a!) * share)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${part(1)}${part(3)}${part(5)}`
}

type Stop = [offset: number, color: string, opacity?: number]
const stops = (list: Stop[]): Shape[] =>
  list.map(([offset, color, opacity = 1]) => [
    'stop',
    { offset, 'stop-color': color, ...(opacity < 1 ? { 'stop-opacity': opacity } : {}) },
  ])

/** A sheet that is drawn on from the back to the front. */
export class Sheet {
  readonly scene: Scene = { defs: [], shapes: [] }

  add(...shapes: Shape[]): this {
    this.scene.shapes.push(...shapes)
    return this
  }

  private define(tag: string, has: Shape[1], list: Stop[]): string {
    const id = `m${this.scene.defs.length}`
    this.scene.defs.push([tag, { id, ...has }, stops(list)])
    return `url(#${id})`
  }

  /** A colour that changes along a line, from top to bottom if not told otherwise. */
  along(list: Stop[], [x1, y1, x2, y2] = [0, 0, 0, 1]): string {
    return this.define('linearGradient', { x1: x1, y1: y1, x2: x2, y2: y2 }, list)
  }

  around(list: Stop[]): string {
    return this.define('radialGradient', {}, list)
  }

  sky(...list: Stop[]): this {
    return this.add(['rect', { width: WIDTH, height: HEIGHT, fill: this.along(list) }])
  }

  /** Light that is strongest in its middle. */
  glow(cx: number, cy: number, rx: number, color: string, strength: number, ry = rx): this {
    const fill = this.around([
      [0, color, strength],
      [0.35, color, strength * 0.55],
      [1, color, 0],
    ])
    return this.add(['ellipse', { cx, cy, rx, ry, fill }])
  }

  stars(seed: number, many: number, below: number, color: string, strength = 1): this {
    const next = chance(seed)
    for (let n = 0; n < many; n++) {
      const [cx, cy, size] = [next() * WIDTH, next() ** 1.3 * below, next() ** 3]
      const opacity = short(strength * (0.25 + 0.75 * next()) * 10) / 10
      this.add(['circle', { cx: short(cx), cy: short(cy), r: short(0.6 + size * 1.5), fill: color, opacity }])
    }
    return this
  }
}

/** The height of hills over a line, as waves that do not fit into each other. */
export function hills(seed: number, amplitude: number, lengths: number[]): (x: number) => number {
  const next = chance(seed)
  const waves = lengths.map((length, n) => ({
    length,
    phase: next() * 2 * Math.PI,
    share: amplitude / (1 + n * 1.15),
  }))
  return (x) =>
    waves.reduce(
      (sum, { length, phase, share }) => sum + share * Math.sin((x / length) * 2 * Math.PI + phase),
      0,
    )
}

/** The height of mountains over a line: halves of halves are pushed up and down, ever less. */
export function mountains(seed: number, amplitude: number, rough = 0.5): (x: number) => number {
  const next = chance(seed)
  let line = Array.from({ length: 6 }, () => (next() - 0.5) * 2 * amplitude)
  for (let push = amplitude * rough, n = 0; n < 6; n++, push *= rough) {
    line = line.flatMap((y, k) => {
      const after = line[k + 1]
      return after === undefined ? [y] : [y, (y + after) / 2 + (next() - 0.5) * 2 * push]
    })
  }
  return (x) => {
    const place = Math.min(Math.max(x / WIDTH, 0), 1) * (line.length - 1)
    const k = Math.min(Math.floor(place), line.length - 2)
    return line[k]! + (line[k + 1]! - line[k]!) * (place - k)
  }
}

/** What lies below a line of hills. */
export function land(height: (x: number) => number, y: number, fill: string, step = 10): Shape {
  let d = `M${at(0, HEIGHT)}`
  for (let x = 0; x <= WIDTH; x += step) d += `L${at(x, y - height(x))}`
  return ['path', { d: `${d}L${at(WIDTH, HEIGHT)}Z`, fill }]
}

/** A fir in silhouette, its branches in steps that grow downwards. */
export function fir(x: number, foot: number, height: number, next: () => number): string {
  const wide = height * (0.19 + 0.06 * next())
  const steps = 7 + Math.floor(next() * 4)
  const top = foot - height
  const left: [number, number][] = []
  const right: [number, number][] = []
  for (let n = 1; n <= steps; n++) {
    const part = n / steps
    const y = top + height * 0.94 * part
    const reach = wide * part * (0.84 + 0.3 * next())
    left.push([x - reach, y], [x - reach * 0.42, y - height * 0.018])
    right.push([x + reach * (0.9 + 0.2 * next()), y], [x + reach * 0.42, y - height * 0.018])
  }
  const way = [...left, [x - height * 0.018, foot], [x + height * 0.018, foot], ...right.reverse()]
  return `M${at(x, top)}${way.map(([a, b]) => `L${at(a!, b!)}`).join('')}Z`
}

/** A row of firs on hills, in one path. */
export function firs(
  seed: number,
  height: (x: number) => number,
  y: number,
  fill: string,
  each: [number, number],
  tall: [number, number],
): Shape {
  const next = chance(seed)
  let d = ''
  for (let x = -40 + next() * 60; x < WIDTH + 40; x += each[0] + next() * (each[1] - each[0])) {
    d += fir(x, y - height(x) + 8, tall[0] + next() ** 1.5 * (tall[1] - tall[0]), next)
  }
  return ['path', { d, fill }]
}
