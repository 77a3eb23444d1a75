/**
 * What a phone's share sheet gave to the installed page, kept by the service worker (`public/sw.js`) until it was sent,
 * put away, or a day has passed. It survives a reload, also in the middle of being sent.
 */
export interface Shared {
  /** Milliseconds since 1970, by this device's clock. */
  at: number
  /** The link of the room that it goes to; null until one is chosen. */
  to: string | null
  text: string
  files: { key: number; file: File }[]
}

const DAY_MS = 86_400_000
const [DATABASE, STORE, KEY] = ['salon-shared', 'shared', 'now']

/** One change of what is kept; `undefined` lets it be, null deletes it. Returns what is there then. */
async function change(next: (now: Shared | null) => Shared | null | undefined): Promise<Shared | null> {
  if (typeof indexedDB === 'undefined') return null
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('It cannot be opened.'))
  })
  try {
    return await new Promise((resolve, reject) => {
      const work = database.transaction(STORE, 'readwrite')
      const store = work.objectStore(STORE)
      let result: Shared | null = null
      const reading = store.get(KEY) as IDBRequest<Shared | undefined>
      reading.onsuccess = () => {
        const found = reading.result ?? null
        const now = found && Date.now() - found.at < DAY_MS ? found : null
        const wanted = next(now)
        result = wanted === undefined ? now : wanted
        if (result && wanted !== undefined) store.put(result, KEY)
        else if (!result && found) store.delete(KEY)
      }
      work.oncomplete = () => resolve(result)
      work.onabort = () => reject(work.error ?? new Error('It could not be kept.'))
    })
  } finally {
    database.close()
  }
}

const orNull = (now: Shared | null) => (now && (now.text !== '' || now.files.length > 0) ? now : null)

/** Null where there is none, and in browsers that keep nothing. What is older than a day is thrown away. */
export const sharedNow = (): Promise<Shared | null> => change(() => undefined).catch(() => null)
export const forgetShared = (): Promise<unknown> => change(() => null).catch(() => null)
/** Chooses the room that it goes to. */
export const sendSharedTo = (to: string | null): Promise<Shared | null> =>
  change((now) => (now ? { ...now, to } : undefined))
/** One of the files was sent, or given up. */
export const sharedFileOver = (key: number): Promise<unknown> =>
  change((now) => now && orNull({ ...now, files: now.files.filter((one) => one.key !== key) })).catch(
    () => null,
  )
export const sharedTextOver = (): Promise<unknown> =>
  change((now) => now && orNull({ ...now, text: '' })).catch(() => null)
