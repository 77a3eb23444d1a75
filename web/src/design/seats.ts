export const SEATS_MOST = 10_000
export const SEATS_WRONG = 'Give a number from 1 to 10,000, or leave it empty.'

/** How many people a room may hold, from what was typed: null for no limit, undefined when it is no such number. */
export function seatsFrom(text: string): number | null | undefined {
  const typed = text.replace(/[\s.,']/g, '')
  if (typed === '') return null
  if (!/^\d{1,5}$/.test(typed)) return undefined
  const seats = Number(typed)
  return seats >= 1 && seats <= SEATS_MOST ? seats : undefined
}
