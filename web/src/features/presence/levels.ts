import { shallowRef } from 'vue'
import type { PresenceLevelsNow } from '@/contract'

export type PersonLevel = PresenceLevelsNow['people'][string]
type Levels = Readonly<Record<string, PersonLevel>>

/** Who is away or poorly connected, by id. Who is not in it is neither. */
export const levels = shallowRef<Levels>({})
/** What this person has said of themselves, on this page. */
export const saidAway = shallowRef(false)

const isOrdinary = ({ away, quality }: PersonLevel) => !away && quality === 'good'

/** What is known after news; the same object when nothing has changed by it. */
export function followed(before: Levels, news: PresenceLevelsNow): Levels {
  if (news.whole) return news.people
  const next = { ...before }
  let changed = false
  for (const [person, level] of Object.entries(news.people)) {
    if (isOrdinary(level) && !(person in next)) continue
    changed = true
    if (isOrdinary(level)) delete next[person]
    else next[person] = level
  }
  return changed ? next : before
}

/** Without those who have left: should they come back, they begin anew. */
export function without(before: Levels, left: readonly string[]): Levels {
  if (!left.some((person) => person in before)) return before
  return Object.fromEntries(Object.entries(before).filter(([person]) => !left.includes(person)))
}
