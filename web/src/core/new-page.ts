const RELOAD_PAUSE_MS = 30_000
const NAME = 'salon.reloaded'

/**
 * Loads the whole page anew after a part of it could not be loaded: after an upgrade of the server the files that an
 * open page wants are gone. Only when the server answers, since without it the page itself would be lost too; and not
 * in circles. Returns whether it does.
 */
export async function takeNewPage(): Promise<boolean> {
  const last = Number(sessionStorage.getItem(NAME) ?? 0)
  if (Date.now() - last < RELOAD_PAUSE_MS) return false
  try {
    const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' })
    if (!answer.ok) return false
  } catch {
    return false
  }
  sessionStorage.setItem(NAME, String(Date.now()))
  location.reload()
  return true
}
