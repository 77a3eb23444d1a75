import { at, chance, Sheet, type Scene } from './draw'

/** Dunes with a light and a shaded side. */
export function dunes(dark: boolean): Scene {
  const sheet = new Sheet()
  if (dark) {
    sheet
      .sky([0, '#16142e'], [0.4, '#2d2348'], [0.66, '#5a3a56'], [1, '#6d4450'])
      .stars(23, 130, 460, '#b0a6bd', 0.8)
      .glow(360, 300, 300, '#6d5a80', 0.5)
      .add([
        'path',
        { d: `M${at(366, 238)}A62 62 0 1 0 ${at(424, 318)}A50 50 0 0 1 ${at(366, 238)}Z`, fill: '#a39aa0' },
      ])
  } else {
    sheet
      .sky([0, '#cfe3ea'], [0.4, '#f2e8dc'], [0.66, '#fbe3c6'], [1, '#f8d8b4'])
      .glow(360, 300, 480, '#fff8df', 1)
      .add(['circle', { cx: 360, cy: 300, r: 60, fill: '#fffbea' }])
  }
  for (const [n, one] of RIDGES.entries()) dune(sheet, one, (dark ? DARK : LIGHT)[n]!, n)
  return sheet.scene
}

/** Each is a crest from its left foot over its top to its right foot; the shade falls along a bent line from the top. */
interface Ridge {
  foot: number
  top: [number, number]
  end: number
  bend: number
}
const RIDGES: Ridge[] = [
  { foot: 560, top: [1130, 462], end: 590, bend: 90 },
  { foot: 600, top: [420, 520], end: 612, bend: -60 },
  { foot: 700, top: [960, 548], end: 640, bend: 130 },
  { foot: 668, top: [240, 610], end: 800, bend: 110 },
  { foot: 860, top: [1290, 676], end: 760, bend: -120 },
  { foot: 776, top: [560, 764], end: 920, bend: 200 },
]
const LIGHT: [string, string, string][] = [
  ['#f7d9b2', '#f1cca0', '#dcb391'],
  ['#f8d6a8', '#efc793', '#d6a985'],
  ['#f8d09c', '#ecbd86', '#cc9b78'],
  ['#f5c892', '#e6b17a', '#c08f70'],
  ['#f0be86', '#dea670', '#b58569'],
  ['#eab27a', '#d69c68', '#ad7f66'],
]
const DARK: [string, string, string][] = [
  ['#6b4652', '#5b3d4d', '#432e46'],
  ['#654150', '#53374a', '#3b2840'],
  ['#5e3c4d', '#4a3146', '#33233b'],
  ['#543548', '#402a40', '#2b1d34'],
  ['#482d42', '#352338', '#22172c'],
  ['#3a2438', '#2a1b2f', '#191122'],
]

function dune(
  sheet: Sheet,
  { foot, top, end, bend }: Ridge,
  [high, low, shade]: [string, string, string],
  n: number,
): void {
  const [x, y] = top
  const left = `C${at(x * 0.35, foot - 6, x * 0.66, y + (foot - y) * 0.25, x, y)}`
  const right = `C${at(x + (1600 - x) * 0.28, y + (end - y) * 0.2, x + (1600 - x) * 0.62, end - 4, 1600, end)}`
  const sun = sheet.along([
    [0, high],
    [1, low],
  ])
  sheet.add(['path', { d: `M${at(0, foot)}${left}${right}L1600 900L0 900Z`, fill: sun }])
  const dusk = sheet.along([
    [0, shade],
    [1, low],
  ])
  const foot2 = Math.min(900, y + 260 + n * 20)
  const back = `C${at(x + bend * 1.6 + 260, foot2 - 40, x + bend, y + (foot2 - y) * 0.45, x, y)}`
  const way = `M${at(x, y)}${right}L1600 ${at(Math.max(end, foot2))}L${at(x + bend * 2 + 420, foot2)}${back}Z`
  sheet.add(['path', { d: way, fill: dusk }])
  ripples(sheet, { foot, top, end, bend }, shade, n)
}

/** What the wind has drawn, on the near ones only. */
function ripples(sheet: Sheet, { top: [x, y], foot }: Ridge, color: string, n: number): void {
  if (n < 3) return
  const next = chance(500 + n)
  let d = ''
  for (let row = 0; row < 9; row++) {
    const down = 34 + row * 19
    const from = x * (0.12 + 0.2 * next())
    const high = y + (foot - y) * 0.4 + down
    d += `M${at(from, high + 16)}Q${at(x * 0.5, high - 8 - next() * 8, x * (0.7 + 0.12 * next()), high - 4 + down * 0.1)}`
  }
  sheet.add([
    'path',
    { d, fill: 'none', stroke: color, 'stroke-width': 1.6, opacity: 0.35, 'stroke-linecap': 'round' },
  ])
}
