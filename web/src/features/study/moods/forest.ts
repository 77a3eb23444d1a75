import { at, blend, chance, firs, hills, land, Sheet, type Scene } from './draw'

/** Firs that become paler the further off they stand, and light between them. */
export function forest(dark: boolean): Scene {
  const sheet = new Sheet()
  if (dark) sheet.sky([0, '#0d1f22'], [0.5, '#1d3a38'], [0.8, '#2d4f46'], [1, '#24433a'])
  else sheet.sky([0, '#d7e8dc'], [0.45, '#e8f1dc'], [0.75, '#e2ecd2'], [1, '#cfe0c6'])
  const light = dark ? '#7fa39a' : '#fffbe0'
  sheet.glow(560, 150, 640, light, dark ? 0.4 : 0.95, 480)
  if (dark)
    sheet.add(['circle', { cx: 560, cy: 150, r: 46, fill: '#90a89f' }]).stars(5, 60, 330, '#8fa69c', 0.7)

  const rows = dark
    ? ['#34574f', '#294a44', '#1d3a37', '#132b2a', '#0b1d1e']
    : ['#c4dac5', '#aecaaf', '#97b99a', '#86a98a', '#7b9d82']
  rows.forEach((color, n) => {
    const ground = hills(80 + n * 3, 26 + n * 4, [1100 - n * 90, 380])
    const y = 560 + n * 72
    const deep = blend(color, light, dark ? 0.12 : 0.34 - n * 0.06)
    const fill = sheet.along([
      [0, color],
      [1, n < 4 ? deep : color],
    ])
    sheet.add(
      firs(300 + n, ground, y, fill, [18 + n * 14, 44 + n * 34], [90 + n * 40, 180 + n * 76]),
      land(ground, y - 24, n < 4 ? deep : color),
    )
    if (n === 1) rays(sheet, light, dark ? 0.1 : 0.42)
  })
  const floor = sheet.along([
    [0, rows[4]!, 0],
    [1, blend(rows[4]!, dark ? '#000000' : '#5f8570', 0.3), 1],
  ])
  sheet.add(['rect', { y: 700, width: 1600, height: 200, fill: floor }])
  return sheet.scene
}

function rays(sheet: Sheet, color: string, strength: number): void {
  const next = chance(9)
  for (let n = 0; n < 7; n++) {
    const lean = -420 + n * 190 + next() * 60
    const wide = 50 + next() * 70
    const fill = sheet.along([
      [0, color, strength],
      [1, color, 0],
    ])
    const far = 560 + lean * 1.7
    const d = `M${at(552, 120)}L${at(568, 120)}L${at(far + wide, 900)}L${at(far - wide, 900)}Z`
    sheet.add(['path', { d, fill }])
  }
}
