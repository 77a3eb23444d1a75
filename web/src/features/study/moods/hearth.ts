import { at, chance, Sheet, type Scene } from './draw'

interface Tones {
  wall: [string, string]
  floor: [string, string]
  wood: string
  deep: string
  pane: [string, string]
  cloth: string
  fold: string
  lamp: string
  leaf: string
  books: string[]
}
const LIGHT: Tones = {
  wall: ['#f7ecdc', '#f1dfc8'],
  floor: ['#dcbb98', '#cba47e'],
  wood: '#c09672',
  deep: '#ad8565',
  pane: ['#d5e8f0', '#fbf3e2'],
  cloth: '#d99f78',
  fold: '#c58a66',
  lamp: '#fff3d6',
  leaf: '#96ab83',
  books: ['#b98873', '#9fa98d', '#cfa777', '#8fa0a6', '#c4948a', '#b59f86', '#a08f9c'],
}
const DARK: Tones = {
  wall: ['#2a1d1b', '#36231d'],
  floor: ['#2c1b15', '#1d120f'],
  wood: '#3c2519',
  deep: '#23150f',
  pane: ['#111a30', '#22304a'],
  cloth: '#5d3527',
  fold: '#41241b',
  lamp: '#c08a4e',
  leaf: '#2c3829',
  books: ['#5c3a2e', '#3c4637', '#6a4c30', '#37444b', '#5f3d3c', '#4f4234', '#463c49'],
}

/** A corner to read in: a window, a lamp, a chair, books. */
export function hearth(dark: boolean): Scene {
  const sheet = new Sheet()
  const tones = dark ? DARK : LIGHT
  sheet.sky([0, tones.wall[0]], [1, tones.wall[1]])
  sheet.add([
    'rect',
    {
      y: 716,
      width: 1600,
      height: 184,
      fill: sheet.along([
        [0, tones.floor[0]],
        [1, tones.floor[1]],
      ]),
    },
  ])
  sheet.add(['rect', { y: 700, width: 1600, height: 18, fill: tones.wood }])
  opening(sheet, tones, dark)
  shelf(sheet, tones)
  sheet.add(['ellipse', { cx: 800, cy: 826, rx: 520, ry: 58, fill: tones.cloth, opacity: 0.5 }])
  sheet.add([
    'ellipse',
    { cx: 800, cy: 826, rx: 478, ry: 49, fill: 'none', stroke: tones.lamp, 'stroke-width': 3, opacity: 0.4 },
  ])
  chair(sheet, tones)
  lamp(sheet, tones, dark)
  plant(sheet, tones)
  return sheet.scene
}

function opening(sheet: Sheet, tones: Tones, dark: boolean): void {
  const pane = sheet.along([
    [0, tones.pane[0]],
    [1, tones.pane[1]],
  ])
  sheet.add(['rect', { x: 136, y: 132, width: 372, height: 430, rx: 6, fill: tones.wood }])
  sheet.add(['rect', { x: 154, y: 150, width: 336, height: 394, fill: pane }])
  if (dark) {
    const next = chance(2)
    for (let n = 0; n < 26; n++)
      sheet.add([
        'circle',
        {
          cx: Math.round(160 + next() * 324),
          cy: Math.round(156 + next() * 250),
          r: +(0.7 + next() * 1.2).toFixed(1),
          fill: '#9aa5bd',
          opacity: 0.8,
        },
      ])
    sheet.add(['circle', { cx: 402, cy: 236, r: 30, fill: '#9598a0' }])
  } else sheet.glow(330, 330, 250, '#ffffff', 0.7)
  const hill = dark ? '#18233a' : '#c3d3c0'
  sheet.add(['path', { d: 'M154 476C230 424 300 440 358 462S450 470 490 436V544H154Z', fill: hill }])
  sheet.add(['path', { d: 'M322 150V544M154 330H490', stroke: tones.wood, 'stroke-width': 11, fill: 'none' }])
  sheet.add(['rect', { x: 116, y: 556, width: 412, height: 18, rx: 4, fill: tones.deep }])
  curtain(sheet, tones)
  if (dark) return
  // The sun comes in and lies on the floor.
  const sun = sheet.along([
    [0, '#fffdf2', 0.6],
    [1, '#fffdf2', 0.12],
  ])
  sheet.add(['path', { d: 'M250 722L520 722L760 880L400 880Z', fill: sun }])
}

function curtain(sheet: Sheet, tones: Tones): void {
  const fall = (x: number, way: 1 | -1) => {
    const d = `M${at(x, 108)}h${way * 92}C${at(x + way * 84, 300, x + way * 58, 420, x + way * 40, 470)}S${at(x + way * 66, 610, x + way * 60, 668)}H${x}Z`
    sheet.add(['path', { d, fill: tones.cloth, opacity: 0.92 }])
    sheet.add([
      'path',
      {
        d: `M${at(x + way * 30, 110)}C${at(x + way * 28, 300, x + way * 18, 400, x + way * 16, 470)}S${at(x + way * 30, 600, x + way * 26, 668)}`,
        stroke: tones.fold,
        'stroke-width': 5,
        fill: 'none',
        opacity: 0.7,
      },
    ])
  }
  fall(92, 1)
  fall(552, -1)
  sheet.add(['rect', { x: 70, y: 98, width: 504, height: 12, rx: 6, fill: tones.deep }])
}

function shelf(sheet: Sheet, tones: Tones): void {
  const next = chance(12)
  for (const y of [250, 400, 550]) {
    for (let x = 1130; x < 1500;) {
      const pause = next() > 0.86
      const [wide, tall] = [16 + next() * 22, 72 + next() * 40]
      const fill = tones.books[Math.floor(next() * tones.books.length)]!
      if (!pause) {
        const lean = next() > 0.93 ? ` rotate(8 ${Math.round(x)} ${y})` : ''
        sheet.add([
          'rect',
          {
            x: Math.round(x),
            y: Math.round(y - tall),
            width: Math.round(wide - 2),
            height: Math.round(tall),
            rx: 2,
            fill,
            ...(lean ? { transform: lean.trim() } : {}),
          },
        ])
        sheet.add([
          'rect',
          {
            x: Math.round(x + 3),
            y: Math.round(y - tall + 13),
            width: Math.round(wide - 8),
            height: 3,
            fill: tones.lamp,
            opacity: 0.35,
          },
        ])
      }
      x += pause ? 34 : wide + (lean(next) ? 8 : 0)
    }
    sheet.add(['rect', { x: 1106, y, width: 420, height: 13, rx: 3, fill: tones.wood }])
    sheet.add(['rect', { x: 1106, y: y + 13, width: 420, height: 9, fill: tones.deep, opacity: 0.22 }])
  }
}
const lean = (next: () => number) => next() > 0.9

function chair(sheet: Sheet, tones: Tones): void {
  sheet.add([
    'path',
    {
      d: 'M596 800l-10 42M800 800l10 42M640 806v34M756 806v34',
      stroke: tones.deep,
      'stroke-width': 12,
      'stroke-linecap': 'round',
    },
  ])
  sheet.add(['path', { d: 'M592 596C592 520 640 500 698 500S804 520 804 596V760H592Z', fill: tones.fold }])
  sheet.add(['path', { d: 'M612 604C612 540 650 520 698 520S784 540 784 604V740H612Z', fill: tones.cloth }])
  sheet.add(['rect', { x: 600, y: 700, width: 196, height: 66, rx: 26, fill: tones.cloth }])
  sheet.add([
    'path',
    { d: 'M604 742C660 756 736 756 792 742', stroke: tones.fold, 'stroke-width': 4, fill: 'none' },
  ])
  for (const x of [560, 778])
    sheet.add(['rect', { x, y: 646, width: 58, height: 164, rx: 28, fill: tones.fold }])
  sheet.add(['rect', { x: 590, y: 762, width: 216, height: 46, rx: 16, fill: tones.fold }])
}

function lamp(sheet: Sheet, tones: Tones, dark: boolean): void {
  sheet.glow(916, 420, dark ? 560 : 360, dark ? '#a8672f' : '#fff6da', dark ? 0.62 : 0.8, dark ? 470 : 320)
  sheet.add(['path', { d: 'M912 452V828', stroke: tones.deep, 'stroke-width': 9 }])
  sheet.add(['ellipse', { cx: 912, cy: 832, rx: 58, ry: 11, fill: tones.deep }])
  const shade = sheet.along([
    [0, tones.lamp],
    [1, dark ? '#a06c38' : '#f6d9a4'],
  ])
  sheet.add(['path', { d: 'M866 330H958L996 456H828Z', fill: shade }])
}

function plant(sheet: Sheet, tones: Tones): void {
  const next = chance(18)
  for (let n = 0; n < 13; n++) {
    const angle = (-165 + n * 12.5 + next() * 6) * (Math.PI / 180)
    const long = 110 + next() * 90
    const [x, y] = [1040 + Math.cos(angle) * long * 0.62, 716 + Math.sin(angle) * long]
    const [a, b] = [1040 + Math.cos(angle - 0.32) * long * 0.5, 716 + Math.sin(angle - 0.32) * long * 0.6]
    const [c, d] = [1040 + Math.cos(angle + 0.32) * long * 0.5, 716 + Math.sin(angle + 0.32) * long * 0.6]
    sheet.add([
      'path',
      {
        d: `M1040 726Q${at(a, b, x, y)}Q${at(c, d, 1040, 726)}Z`,
        fill: tones.leaf,
        opacity: n % 2 ? 1 : 0.86,
      },
    ])
  }
  sheet.add(['path', { d: 'M1000 716H1082L1070 806H1012Z', fill: tones.wood }])
  sheet.add(['rect', { x: 994, y: 708, width: 94, height: 20, rx: 5, fill: tones.deep }])
}
