/**
 * Fifteen times a second, also while the page is behind another one, where its own timers are slowed down. The page says
 * how long a picture has taken: whatever that is, it has twice as long for everything else.
 */
const EVERY_MS = 1000 / 15
const SHARE = 3

let due = performance.now()
const next = () => postMessage(null)
onmessage = ({ data }: MessageEvent<number>) => {
  const now = performance.now()
  due = Math.max(due + EVERY_MS, now - data + SHARE * data)
  // Who was held up does not hurry afterwards.
  due = Math.max(due, now - EVERY_MS)
  setTimeout(next, Math.max(0, due - now))
}
next()
