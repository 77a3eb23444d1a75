type Named = string | { id: string }
const idOf = (each: Named) => (typeof each === 'string' ? each : each.id)

/** The list with one of it at another place, counted without it from 0. */
export function moved<T extends Named>(list: T[], id: string, to: number): T[] {
  const item = list.find((each) => idOf(each) === id)
  if (item === undefined) return list
  const rest = list.filter((each) => each !== item)
  return [...rest.slice(0, to), item, ...rest.slice(to)]
}

/** Behind whom it stands then; null is the front. */
export function behind(list: readonly { id: string }[], id: string, to: number): string | null {
  return to === 0 ? null : (list.filter((each) => each.id !== id)[to - 1]?.id ?? null)
}
