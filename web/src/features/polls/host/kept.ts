import { shallowReactive } from 'vue'
import type { PollsQuestion } from '@/contract'
import type { Draft } from './question'

/** What was written and is not known to be saved, kept by the tab: a reload in the middle loses nothing. */
export interface Kept {
  /** The revision that it was written on. */
  revision: number
  /** What was on its way then: the server may have it. */
  sent: PollsQuestion | null
  mine: Draft
}

const nameOf = (poll: string) => `salon.poll.${poll}`
const memory = shallowReactive(new Map<string, string>())

export function loadKept(poll: string): Kept | null {
  try {
    const text = memory.get(poll) ?? sessionStorage.getItem(nameOf(poll))
    const kept = text ? (JSON.parse(text) as Partial<Kept>) : null
    return kept && typeof kept.revision === 'number' && Array.isArray(kept.mine?.options)
      ? (kept as Kept)
      : null
  } catch {
    return null
  }
}

export function saveKept(poll: string, kept: Kept | null): void {
  const text = kept ? JSON.stringify(kept) : ''
  if (kept) memory.set(poll, text)
  else memory.delete(poll)
  try {
    if (kept) sessionStorage.setItem(nameOf(poll), text)
    else sessionStorage.removeItem(nameOf(poll))
  } catch {
    // Storage is full or blocked: it is kept until the page goes.
  }
}

const editedName = (link: string) => `salon.polls.edited.${link}`

/** Which question of a room was being written in this tab. */
export function loadEdited(link: string): string | null {
  try {
    return sessionStorage.getItem(editedName(link))
  } catch {
    return null
  }
}
export function saveEdited(link: string, poll: string | null): void {
  try {
    if (poll) sessionStorage.setItem(editedName(link), poll)
    else sessionStorage.removeItem(editedName(link))
  } catch {
    // A reload comes back to the list then.
  }
}
