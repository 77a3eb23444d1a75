import { at, chance, firs, hills, land, Sheet, type Scene } from './draw'

/** A house in the snow. By night the northern lights are over it. */
export function snow(dark: boolean): Scene {
  const sheet = new Sheet()
  if (dark)
    sheet
      .sky([0, '#0b1630'], [0.5, '#1b2c4c'], [0.75, '#2f4263'], [1, '#3a4d6c'])
      .stars(31, 170, 470, '#b9c5d8', 0.8)
  else sheet.sky([0, '#c6dbee'], [0.5, '#e0ebf5'], [0.75, '#f5f1f2'], [1, '#fdf3ec'])
  if (dark) lights(sheet)
  else sheet.glow(1120, 420, 520, '#fff6e6', 1, 320)

  const [peak, wood, field, near] = dark
    ? ['#34496b', '#22344f', '#465b7b', '#3b4f70']
    : ['#d6e2ef', '#9db4c8', '#eef4fa', '#f8fbfd']
  sheet.add(land(hills(4, 70, [760, 310, 140, 60]), 560, peak, 6))
  const back = hills(19, 30, [900, 380])
  sheet.add(firs(77, back, 650, wood, [16, 42], [60, 130]), land(back, 640, field))
  house(sheet, dark)
  const front = hills(8, 34, [1300, 520])
  sheet.add(land(front, 770, shaded(sheet, near, field)))
  trees(sheet, dark)
  sheet.add(
    land(
      hills(71, 26, [1000, 430]),
      866,
      shaded(sheet, dark ? '#2d4061' : '#e3edf6', dark ? '#24354f' : '#d3e1ee'),
    ),
  )
  flakes(sheet, dark)
  return sheet.scene
}

const shaded = (sheet: Sheet, top: string, low: string) =>
  sheet.along([
    [0, top],
    [1, low],
  ])

/** Curtains of light, each a stripe that fades upwards. */
function lights(sheet: Sheet): void {
  const next = chance(6)
  for (const [n, color] of ['#4d8f7c', '#4a8a86', '#5f6c9c'].entries()) {
    const bend = hills(60 + n, 40, [700, 300])
    for (let x = 60 + n * 50; x < 1500; x += 15) {
      const fill = sheet.along([
        [0, color, 0],
        [0.72, color, 0.26 * (0.35 + 0.65 * next())],
        [1, color, 0],
      ])
      const foot = 350 - n * 66 - bend(x) - x * 0.06
      const tall = 190 + next() * 120
      sheet.add(['rect', { x, y: Math.round(foot - tall), width: 26, height: Math.round(tall), fill }])
    }
  }
}

function house(sheet: Sheet, dark: boolean): void {
  const [wall, side, roof, lamp] = dark
    ? ['#2a2b40', '#232438', '#5b6f8f', '#d99a4a']
    : ['#b98f7b', '#a98371', '#fbfdff', '#ffe7b0']
  sheet.add(['path', { d: 'M1010 742V646L1075 592L1140 646V742Z', fill: wall }])
  sheet.add(['path', { d: 'M1140 742V646L1260 640V742Z', fill: side }])
  sheet.add(['path', { d: 'M1075 580L1222 574L1282 646L1142 654Z', fill: roof }])
  sheet.add(['path', { d: 'M1075 580L996 650L1008 658L1075 600L1142 660L1150 650Z', fill: roof }])
  sheet.add(
    ['path', { d: 'M1190 576V538H1214V575Z', fill: wall }, []],
    ['rect', { x: 1186, y: 532, width: 32, height: 9, rx: 4, fill: roof }],
  )
  for (const [x, y] of [
    [1056, 662],
    [1164, 668],
    [1208, 666],
  ]) {
    if (dark) sheet.glow(x! + 16, y! + 20, 130, '#b06f35', 0.34)
    sheet.add(['rect', { x: x!, y: y!, width: 32, height: 38, rx: 3, fill: dark ? '#8a6a3c' : lamp }])
    sheet.add([
      'path',
      { d: `M${at(x! + 16, y!)}v38M${at(x!, y! + 19)}h32`, stroke: wall, 'stroke-width': 3 },
    ])
  }
  if (dark) sheet.glow(1110, 752, 210, '#8f6238', 0.4, 44)
}

function trees(sheet: Sheet, dark: boolean): void {
  const ground = hills(8, 34, [1300, 520])
  const next = chance(15)
  for (const [x, tall] of [
    [120, 300],
    [214, 220],
    [1420, 330],
    [1512, 240],
    [1350, 190],
    [330, 170],
  ] as const) {
    const foot = 786 - ground(x)
    for (let step = 0; step < 6; step++) {
      const part = (step + 1) / 6
      const y = foot - tall + tall * 0.92 * part
      const wide = tall * 0.3 * part
      const top = y - tall * 0.26
      const bough = `M${at(x, top)}Q${at(x + wide * 0.45, y - tall * 0.07, x + wide, y)}Q${at(x, y + tall * 0.05, x - wide, y)}Q${at(x - wide * 0.45, y - tall * 0.07, x, top)}Z`
      sheet.add(['path', { d: bough, fill: dark ? '#1f3047' : '#8ba6b6' }])
      // Snow lies on one side of each bough.
      const lying = `M${at(x, top)}Q${at(x - wide * 0.45, y - tall * 0.07, x - wide, y)}Q${at(x - wide * 0.4, y - tall * 0.02, x - wide * (0.02 + 0.2 * next()), y - tall * 0.06)}Z`
      sheet.add(['path', { d: lying, fill: dark ? '#52688a' : '#fbfdff' }])
    }
  }
}

function flakes(sheet: Sheet, dark: boolean): void {
  const next = chance(88)
  for (let n = 0; n < 170; n++) {
    const has = {
      cx: Math.round(next() * 1600),
      cy: Math.round(next() * 900),
      r: +(0.9 + next() ** 3 * 3.6).toFixed(1),
    }
    sheet.add([
      'circle',
      {
        ...has,
        fill: dark ? '#9fb0c8' : '#ffffff',
        opacity: +((dark ? 0.3 : 0.5) + 0.4 * next()).toFixed(2),
      },
    ])
  }
}
