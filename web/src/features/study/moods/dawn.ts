import { blend, hills, land, mountains, Sheet, type Scene } from './draw'

/** Mountains in the mist before the sun is high. */
export function dawn(dark: boolean): Scene {
  const sheet = new Sheet()
  if (dark) {
    sheet
      .sky([0, '#101a36'], [0.42, '#2a2c55'], [0.62, '#54416a'], [0.76, '#7c4f63'], [1, '#8a5a52'])
      .stars(11, 110, 420, '#9a9cb4', 0.8)
      .glow(980, 640, 620, '#9c6250', 0.75, 260)
  } else {
    sheet
      .sky([0, '#b9d2e6'], [0.34, '#dcdcec'], [0.55, '#f6dcd4'], [0.72, '#fde3c0'], [1, '#fdeacb'])
      .glow(980, 560, 700, '#fff1c6', 0.95, 380)
      .add(['circle', { cx: 980, cy: 560, r: 62, fill: '#fff6dc' }])
  }
  const ranges = dark
    ? ['#5d4763', '#4a3c5c', '#383250', '#282742', '#191b31']
    : ['#e6c9cc', '#cfb6c6', '#b3a4bd', '#9a93b1', '#8487a4']
  const mist = dark ? '#7a5568' : '#fdeadb'
  ranges.forEach((color, n) => {
    const y = 575 + n * 72
    const line = n < 4 ? mountains(70 + n * 5, 96 - n * 8, 0.52) : hills(26, 30, [1200, 460, 170])
    // Each range stands in the mist of the valley before it.
    const fill = sheet.along([
      [0, color],
      [0.3, color],
      [1, n < 4 ? blend(color, mist, dark ? 0.4 : 0.7) : color],
    ])
    sheet.add(land(line, y, fill, 6))
  })
  return sheet.scene
}
