import { at, chance, firs, hills, land, Sheet, type Scene } from './draw'

/** A clear sky over a lake. */
export function night(dark: boolean): Scene {
  const sheet = new Sheet()
  if (dark) sheet.sky([0, '#070c1f'], [0.45, '#121b3d'], [0.72, '#26305c'], [1, '#343f6b'])
  else sheet.sky([0, '#aebce4'], [0.42, '#c8cfee'], [0.7, '#e3def1'], [1, '#f2e6ee'])
  milkyWay(sheet, dark)
  sheet.stars(17, 320, 640, dark ? '#d5dbf0' : '#ffffff', dark ? 0.75 : 1)
  moon(sheet, dark)

  const far = hills(12, 46, [820, 330, 120])
  const shore = hills(57, 20, [980, 410])
  const [a, b, c] = dark ? ['#1f2850', '#131a3a', '#0a1029'] : ['#b3b4d8', '#9c9fc8', '#878bb8']
  sheet.add(land(far, 640, a, 6))
  lake(sheet, dark)
  sheet.add(firs(45, shore, 850, c, [26, 74], [80, 210]), land(shore, 850, c))
  sheet.add(land(hills(33, 16, [700, 260]), 880, b))
  return sheet.scene
}

function milkyWay(sheet: Sheet, dark: boolean): void {
  const next = chance(64)
  const color = dark ? '#5f6ba6' : '#ffffff'
  for (let n = 0; n < 34; n++) {
    const part = n / 33
    const [cx, cy] = [1500 - part * 1250, -20 + part * 560 + (next() - 0.5) * 70]
    sheet.glow(cx, cy, 70 + next() * 130, color, dark ? 0.1 : 0.16, 50 + next() * 60)
  }
  for (let n = 0; n < 240; n++) {
    const part = next()
    const off = (next() + next() + next() - 1.5) * 110
    const place = { cx: Math.round(1500 - part * 1250 + off), cy: Math.round(-20 + part * 560 + off * 0.9) }
    sheet.add(['circle', { ...place, r: 0.7, fill: dark ? '#c3cae8' : '#ffffff', opacity: 0.6 }])
  }
}

function moon(sheet: Sheet, dark: boolean): void {
  sheet.glow(1180, 210, 300, dark ? '#7480b4' : '#ffffff', dark ? 0.4 : 0.8)
  const face = sheet.along(
    dark
      ? [
          [0, '#a7a9b4'],
          [1, '#8c8fa6'],
        ]
      : [
          [0, '#fffdf4'],
          [1, '#f3ecf0'],
        ],
    [0, 0, 1, 1],
  )
  // A crescent: the outer arc, and back along a rounder one.
  sheet.add([
    'path',
    { d: `M${at(1196, 146)}A66 66 0 1 0 ${at(1244, 232)}A52 52 0 0 1 ${at(1196, 146)}Z`, fill: face },
  ])
}

function lake(sheet: Sheet, dark: boolean): void {
  const water = sheet.along([
    [0, dark ? '#2b365f' : '#d9d6ee'],
    [1, dark ? '#10173a' : '#b7bbe0'],
  ])
  sheet.add(['rect', { y: 690, width: 1600, height: 210, fill: water }])
  const next = chance(8)
  for (let n = 0; n < 60; n++) {
    const y = 698 + next() ** 1.4 * 180
    const spread = 30 + (y - 690) * 1.1
    const x = 1180 + (next() - 0.5) * spread * 2
    const long = 20 + next() * 70
    const fill = dark ? '#7c88b8' : '#ffffff'
    sheet.add([
      'ellipse',
      {
        cx: Math.round(x),
        cy: Math.round(y),
        rx: Math.round(long),
        ry: 1.3,
        fill,
        opacity: dark ? 0.4 : 0.7,
      },
    ])
  }
}
