export const PHONES = [1, 2, 3, 4].map((value) => ({
  value,
  label: ['One', 'Two', 'Three', 'Four'][value - 1] ?? '',
}))

const USUAL = [0, 30, 60, 120, 180, 300, 600]

function named(seconds: number): string {
  if (seconds === 0) return 'No limit'
  if (seconds % 60) return seconds === 1 ? '1 second' : `${seconds} seconds`
  return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`
}

/** The usual ones, and the one that is set: a bot may have chosen any. */
export const limitChoices = (now: number) =>
  [...new Set([...USUAL, now])].sort((a, b) => a - b).map((value) => ({ value, label: named(value) }))
