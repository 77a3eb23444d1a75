import { covering } from './blend'

/** A picture of one's own to stand behind one. It is kept on this device and sent nowhere but behind oneself. */

const [DATABASE, STORE, KEY] = ['salon-call', 'pictures', 'background']
const SHAPE = { width: 1280, height: 720 }
const QUALITY = 0.88
/** Of the file: larger ones are no photographs that a browser decodes gladly. */
export const OWN_MOST = 40 * 1024 * 1024

async function within<T>(run: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('It cannot be opened.'))
  })
  try {
    return await new Promise((resolve, reject) => {
      const work = database.transaction(STORE, 'readwrite')
      const asked = run(work.objectStore(STORE))
      work.oncomplete = () => resolve(asked.result)
      work.onabort = () => reject(work.error ?? new Error('It could not be kept.'))
    })
  } finally {
    database.close()
  }
}

/** The part of it that fills a picture, as large as one is. */
async function prepared(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  canvas.width = SHAPE.width
  canvas.height = SHAPE.height
  const from = covering(picture, SHAPE)
  const pen = canvas.getContext('2d')!
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(picture, from.x, from.y, from.width, from.height, 0, 0, SHAPE.width, SHAPE.height)
  picture.close()
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error('It cannot be kept.')))
    canvas.toBlob(done, 'image/jpeg', QUALITY)
  })
}

/** Null when there is none, and where the browser keeps nothing. */
export const loadOwn = (): Promise<Blob | null> =>
  within((store) => store.get(KEY) as IDBRequest<Blob | undefined>).then(
    (found) => found ?? null,
    () => null,
  )

/** Rejects what is no picture. Where nothing can be kept, it is there until the page goes. */
export async function keepOwn(file: Blob): Promise<Blob> {
  if (file.size > OWN_MOST) throw new Error('It is too large.')
  const picture = await prepared(file)
  await within((store) => store.put(picture, KEY)).catch(() => undefined)
  return picture
}

export const forgetOwn = (): Promise<unknown> => within((store) => store.delete(KEY)).catch(() => undefined)
