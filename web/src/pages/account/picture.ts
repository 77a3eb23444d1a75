/** The server shows 256 pixels; twice as many look well while it is chosen, and stay far below what it takes. */
const SIDE = 512

/** The largest square in the middle of a picture. */
export function middleOf(width: number, height: number): { x: number; y: number; side: number } {
  const side = Math.min(width, height)
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side }
}

/** A photograph of whatever size as a small square one, turned upright. Throws when the browser cannot read it. */
export async function squareOf(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    const { x, y, side } = middleOf(picture.width, picture.height)
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = Math.min(SIDE, side)
    const pen = canvas.getContext('2d')
    if (!pen || side === 0) throw new Error('nothing to draw')
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height)
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9))
    if (!made) throw new Error('nothing was drawn')
    return made
  } finally {
    picture.close()
  }
}
