const LONGEST = 400

/** A page of this server to return to, out of the address bar where anybody may have written it; or nothing. */
export function backFrom(wish: unknown, origin = location.origin): string | null {
  if (typeof wish !== 'string' || !wish.startsWith('/') || wish.length > LONGEST) return null
  // Browsers read a backslash as a slash, and drop line ends: both could lead to another server.
  if (wish.startsWith('//') || /[\\\s\p{Cc}]/u.test(wish)) return null
  let url: URL
  try {
    url = new URL(wish, origin)
  } catch {
    return null
  }
  const path = url.pathname + url.search + url.hash
  if (url.origin !== origin || path.startsWith('//') || path.startsWith('/api/')) return null
  return path
}

/** The word for where it leads. */
export const backLabel = (path: string): string => (path.startsWith('/r/') ? 'Back to the room' : 'Back')
