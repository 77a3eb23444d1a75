import { at, chance, Sheet, type Scene } from './draw'

/** A window in the rain; behind it a street whose lamps are only spots of light. */
export function rain(dark: boolean): Scene {
  const sheet = new Sheet()
  if (dark) sheet.sky([0, '#131b28'], [0.5, '#202c3c'], [0.78, '#2c3847'], [1, '#1a222e'])
  else sheet.sky([0, '#c3d0da'], [0.5, '#d5dee3'], [0.78, '#e0e3e0'], [1, '#c6d0d6'])
  houses(sheet, dark)
  lamps(sheet, dark)
  drops(sheet, dark)
  return sheet.scene
}

function houses(sheet: Sheet, dark: boolean): void {
  const next = chance(71)
  for (const [row, color] of (dark ? ['#243142', '#1b2635'] : ['#bccad4', '#aebec9']).entries()) {
    for (let x = -60; x < 1600;) {
      const wide = 120 + next() * 150
      const top = 330 + row * 120 + next() * 170
      // Out of focus: the edges fade.
      for (const [out, strength] of [
        [16, 0.16],
        [10, 0.22],
        [5, 0.3],
        [0, 0.5],
      ] as const) {
        const fill = sheet.along([
          [0, color, strength],
          [0.7, color, strength * 0.8],
          [1, color, 0],
        ])
        const has = { x: x - out, y: top - out, width: wide + out * 2, height: 900 - top + out, rx: 12 + out }
        sheet.add(['rect', { ...has, fill }])
      }
      x += wide
    }
  }
}

function lamps(sheet: Sheet, dark: boolean): void {
  const next = chance(29)
  const colors = dark
    ? ['#b98a4e', '#a8704a', '#5f8a93', '#8a5a5e', '#98895a']
    : ['#fff3d2', '#ffe3c4', '#e7f3f5', '#fbdcd4', '#fdf6dd']
  for (let n = 0; n < 58; n++) {
    const color = colors[Math.floor(next() * colors.length)]!
    const [cx, r] = [(n / 58) * 1640 - 20 + (next() - 0.5) * 90, 12 + next() ** 2.4 * 60]
    const cy = 500 + (next() + next() + next()) * 125
    const opacity = (dark ? 0.2 : 0.32) + next() * (dark ? 0.3 : 0.4)
    const fill = sheet.around([
      [0, color, opacity * 0.75],
      [0.86, color, opacity],
      [1, color, 0],
    ])
    sheet.add(['circle', { cx: Math.round(cx), cy: Math.round(cy), r: Math.round(r), fill }])
  }
}

function drops(sheet: Sheet, dark: boolean): void {
  const next = chance(3)
  const [shine, shade] = dark ? ['#8496a5', '#111923'] : ['#ffffff', '#93a5b1']
  const body = sheet.along([
    [0, shade, 0.55],
    [1, shine, dark ? 0.5 : 0.85],
  ])
  for (let n = 0; n < 420; n++) {
    const r = 1.3 + next() ** 5 * 9
    const [cx, cy] = [next() * 1600, next() * 900]
    sheet.add([
      'ellipse',
      { cx: Math.round(cx), cy: Math.round(cy), rx: +r.toFixed(1), ry: +(r * 1.18).toFixed(1), fill: body },
    ])
    if (r > 3)
      sheet.add([
        'circle',
        {
          cx: +(cx - r * 0.3).toFixed(1),
          cy: +(cy - r * 0.4).toFixed(1),
          r: +(r * 0.22).toFixed(1),
          fill: shine,
          opacity: 0.8,
        },
      ])
  }
  // A few have run down, and left a trace.
  for (let n = 0; n < 26; n++) {
    const [x, y, long] = [next() * 1600, next() * 620, 90 + next() * 250]
    const sway = (next() - 0.5) * 16
    const stroke = sheet.along([
      [0, shine, 0],
      [1, shine, dark ? 0.3 : 0.75],
    ])
    // Filled, not drawn: what has no width has no box for its colours.
    const d = `M${at(x, y)}Q${at(x + sway, y + long * 0.6, x + sway * 0.3, y + long)}h5Q${at(x + sway + 4, y + long * 0.6, x + 1, y)}Z`
    sheet.add(['path', { d, fill: stroke }])
    sheet.add([
      'ellipse',
      { cx: +(x + sway * 0.3 + 2.5).toFixed(1), cy: +(y + long).toFixed(1), rx: 5.5, ry: 7.5, fill: body },
    ])
  }
}
