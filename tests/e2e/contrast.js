// Measures, in the page itself, the contrast of every pairing of the palette in all themes, light and dark.
// Gives back the pairings that are too weak, as sentences.
() => {
  const root = document.documentElement
  const before = { ...root.dataset }
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const probe = document.body.appendChild(document.createElement('i'))

  const value = (name) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  // Painted one over the other, so that translucent ones count as they are seen.
  const painted = (...names) => {
    for (const name of names) {
      canvas.fillStyle = value(name)
      canvas.fillRect(0, 0, 1, 1)
    }
    return canvas.getImageData(0, 0, 1, 1).data
  }
  const linear = (part) => (part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4)
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (light + 0.05) / (dark + 0.05)
  }

  const pairs = []
  const add = (least, fronts, backs) =>
    fronts.forEach((front) => backs.forEach((back) => pairs.push([front, back, least])))
  add(4.5, ['ink', 'ink-2', 'ink-3'], ['ground', 'glow-1', 'glow-2', 'surface', 'raised', 'sunken', 'hover'])
  add(4.5, ['ember-ink'], ['ground', 'surface', 'raised', 'ember-soft'])
  add(4.5, ['on-ember'], ['ember', 'ember-hover'])
  add(4.5, ['on-bad'], ['bad', 'bad-hover'])
  for (const tone of ['good', 'warn', 'bad']) add(4.5, [tone], ['ground', 'surface', 'raised', `${tone}-soft`])
  add(3, ['field-line', 'ember'], ['ground', 'surface', 'raised'])

  const weak = []
  for (const mode of ['light', 'dark'])
    for (const theme of ['linen', 'ember', 'moss', 'tide', 'dusk', 'rose', 'slate', 'honey']) {
      Object.assign(root.dataset, { mode, theme })
      for (const [front, back, least] of pairs) {
        const seen = contrast(painted('ground', 'surface', back, front), painted('ground', 'surface', back))
        if (seen < least) weak.push(`${mode} ${theme}: ${front} on ${back} is ${seen.toFixed(2)}, not ${least}`)
      }
    }
  probe.remove()
  Object.assign(root.dataset, before)
  return weak
}
