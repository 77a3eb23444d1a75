/** Putting a list in order by hand is the same here as in the queue. */
export { useReorder } from '../floor/reorder'

/** A list with one of its own somewhere else; places count from 0. */
export function moved(ids: string[], id: string, to: number): string[] {
  const rest = ids.filter((other) => other !== id)
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}
