const EVERY_MS = 1_000
const BELL = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#b8461a"/><path d="M16 7a6 6 0 0 0-6 6v5l-2 3h16l-2-3v-5a6 6 0 0 0-6-6Zm-2.5 15.500a2.500 2.500 0 0 0 5 0Z" fill="#fffaf5"/></svg>`

/** The page's title and its picture in the tab take turns with what has rung, until it is called off. */
export function drawAttention(text: string): () => void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const ownIcon = icon?.href
  let own = document.title
  const shows = () => document.title === text

  function calm(): void {
    if (shows()) document.title = own
    if (icon && ownIcon !== undefined) icon.href = ownIcon
  }
  function turn(): void {
    if (shows()) return calm()
    // It may have changed meanwhile.
    own = document.title
    document.title = text
    if (icon) icon.href = `data:image/svg+xml,${encodeURIComponent(BELL)}`
  }
  turn()
  const timer = setInterval(turn, EVERY_MS)
  return () => {
    clearInterval(timer)
    calm()
  }
}
