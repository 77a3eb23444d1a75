import { chance, hills, land, Sheet, type Scene } from './draw'

/** The sea up to the horizon, and the way that the light makes on it. */
export function sea(dark: boolean): Scene {
  const sheet = new Sheet()
  const [x, y] = [620, 330]
  if (dark) {
    sheet
      .sky([0, '#0a1826'], [0.3, '#13293a'], [0.52, '#2a4654'], [1, '#14303d'])
      .stars(91, 90, 380, '#a3b5bd', 0.8)
      .glow(x, y, 420, '#64828a', 0.5)
      .add(['circle', { cx: x, cy: y, r: 54, fill: '#9aa39c' }])
  } else {
    sheet
      .sky([0, '#b5dbe6'], [0.3, '#d3ebec'], [0.52, '#fbf0da'], [1, '#f6e8cf'])
      .glow(x, y, 460, '#fffbe6', 1)
      .add(['circle', { cx: x, cy: y, r: 56, fill: '#fffdf0' }])
    clouds(sheet)
  }
  waves(sheet, dark)
  glitter(sheet, dark, x)
  return sheet.scene
}

function clouds(sheet: Sheet): void {
  const next = chance(14)
  for (let n = 0; n < 9; n++) {
    const [cx, cy, wide] = [next() * 1600, 110 + next() * 280, 130 + next() * 240]
    sheet.add([
      'ellipse',
      {
        cx: Math.round(cx),
        cy: Math.round(cy),
        rx: Math.round(wide),
        ry: Math.round(7 + next() * 10),
        fill: '#ffffff',
        opacity: 0.5,
      },
    ])
  }
}

const HORIZON = 478

function waves(sheet: Sheet, dark: boolean): void {
  const colors = dark
    ? ['#2b4b58', '#264553', '#203e4c', '#1a3644', '#152e3b', '#102632', '#0b1d28']
    : ['#bfe0e0', '#aed6d8', '#9ccbd0', '#8cc0c7', '#7fb5be', '#76abb6', '#6fa3af']
  colors.forEach((color, n) => {
    const deep = n / (colors.length - 1)
    const height = hills(200 + n * 13, 1 + deep * 15, [260 + deep * 900, 120 + deep * 330, 46 + deep * 90])
    const crest = HORIZON + 8 + deep ** 1.5 * 360
    sheet.add(land(n === 0 ? () => 0 : height, n === 0 ? HORIZON : crest, color, 8))
    if (n === 0) return
    const foam = sheet.along([
      [0, dark ? '#7d9aa0' : '#ffffff', dark ? 0.16 : 0.5],
      [1, dark ? '#7d9aa0' : '#ffffff', 0],
    ])
    // The light that lies on the back of a wave.
    sheet.add(land(height, crest, foam, 8))
  })
}

function glitter(sheet: Sheet, dark: boolean, middle: number): void {
  const next = chance(55)
  for (let n = 0; n < 150; n++) {
    const deep = next() ** 1.35
    const y = HORIZON + 4 + deep * 410
    const spread = 26 + deep * 250
    const cx = middle + (next() + next() - 1) * spread
    const has = {
      cx: Math.round(cx),
      cy: Math.round(y),
      rx: Math.round(5 + deep * 40 * next() + 4),
      ry: +(0.9 + deep * 2.2).toFixed(1),
    }
    const opacity = +((dark ? 0.5 : 0.85) * (0.35 + 0.65 * next())).toFixed(2)
    sheet.add(['ellipse', { ...has, fill: dark ? '#93a39e' : '#fffdf0', opacity }])
  }
}
