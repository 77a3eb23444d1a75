/** What this device keeps. Storage may be full or blocked: then nothing is kept, and the page works all the same. */
export function readKept(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`salon.${name}`) ?? 'null')
  } catch {
    return null
  }
}

/** Null: it is forgotten. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`salon.${name}`)
    else localStorage.setItem(`salon.${name}`, JSON.stringify(value))
  } catch {
    // See above.
  }
}
