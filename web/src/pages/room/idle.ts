const HOUR = 60
const DAY = 24 * HOUR

/** So many minutes, in the largest unit that has no rest. */
export function spoken(minutes: number): string {
  const whole = (size: number, word: string) =>
    `${(minutes / size).toLocaleString()} ${word}${minutes === size ? '' : 's'}`
  if (minutes % DAY === 0) return whole(DAY, 'day')
  return minutes % HOUR === 0 ? whole(HOUR, 'hour') : whole(1, 'minute')
}

/** Times to choose from, with the room's own among them. */
export function idleChoices(current: number): { value: number; label: string }[] {
  const times = new Set([15, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, current])
  return [...times].sort((a, b) => a - b).map((value) => ({ value, label: spoken(value) }))
}
