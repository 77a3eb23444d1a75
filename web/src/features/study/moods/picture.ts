import { HEIGHT, WIDTH, type Shape } from './draw'
import { SCENES } from './scenes'
import type { MoodName } from './names'

const written = ([tag, has, inside = []]: Shape): string => {
  const attributes = Object.entries(has).map(([name, value]) => ` ${name}="${value}"`)
  return `<${tag}${attributes.join('')}>${inside.map(written).join('')}</${tag}>`
}

/** The picture as a file: nothing of it comes from people, and the browser draws it once for each size. */
export function pictureText(mood: MoodName, dark: boolean): string {
  const { defs, shapes } = SCENES[mood](dark)
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`
  const body = `<defs>${defs.map(written).join('')}</defs>${shapes.map(written).join('')}`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${body}</svg>`
}

const made = new Map<string, string>()

/** Where the picture is, in this page's memory. */
export function pictureUrl(mood: MoodName, dark: boolean): string {
  const key = `${mood} ${dark}`
  let url = made.get(key)
  if (url === undefined) {
    url = URL.createObjectURL(new Blob([pictureText(mood, dark)], { type: 'image/svg+xml' }))
    made.set(key, url)
  }
  return url
}
