const RELOAD_PAUSE_MS = 30_000
const NAME = 'salon.reloaded'
/** How long a page that is being left is given to go. It may stay all the same: that was a download, or was stopped. */
const GOING_MS = 10_000
let going = -Infinity

window.addEventListener('beforeunload', () => (going = performance.now()))

/**
 * Firefox stops what a page is loading as soon as it is being left, long before it is gone: parts that could not be
 * loaded say nothing then, and to load the page anew would take the person back from where they wanted to go.
 */
async function staying(): Promise<void> {
  for (let left; (left = going + GOING_MS - performance.now()) > 0;)
    await new Promise((done) => setTimeout(done, left))
}

/**
 * Loads the whole page anew after a part of it could not be loaded: after an upgrade of the server the files that an
 * open page wants are gone. Only when the server answers, since without it the page itself would be lost too; and not
 * in circles. Returns whether it does.
 */
export async function takeNewPage(): Promise<boolean> {
  await staying()
  const last = Number(sessionStorage.getItem(NAME) ?? 0)
  if (Date.now() - last < RELOAD_PAUSE_MS) return false
  try {
    const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' })
    if (!answer.ok) return false
  } catch {
    return false
  }
  await staying()
  sessionStorage.setItem(NAME, String(Date.now()))
  location.reload()
  return true
}
