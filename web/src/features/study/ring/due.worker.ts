/** Waits for moments, also while the page is behind another one, where its own timers are slowed down. */
const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** Longer than this no timer waits; it is asked again then. */
const LONGEST = 2 ** 31 - 1

onmessage = ({ data }: MessageEvent<{ key: string; wait: number | null }>) => {
  clearTimeout(timers.get(data.key))
  timers.delete(data.key)
  if (data.wait === null) return
  const wait = Math.min(data.wait, LONGEST)
  timers.set(
    data.key,
    setTimeout(() => postMessage(data.key), wait),
  )
}
