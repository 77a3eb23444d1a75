import type { PollsLive, PollsPoll, PollsSnapshot, PollsTally } from '@/contract'

/** How open polls stand, by the polls' ids: what a snapshot says, and the signals `polls.tally` after it. */
export type LivePolls = ReadonlyMap<string, PollsLive>

/** With a new snapshot everything begins anew. */
export const liveOf = (snapshot: PollsSnapshot): LivePolls =>
  new Map(snapshot.live.map((live) => [live.poll, live]))

export const withLive = (before: LivePolls, live: PollsLive): LivePolls =>
  new Map(before).set(live.poll, live)

export interface Standing {
  /** How many have voted; null when nothing is known yet. */
  votes: number | null
  /** Null for those who may not see it. */
  tally: PollsTally | null
}

/** What there is to be drawn of a poll: the final totals, or while it is open those that came last. */
export function standing(poll: PollsPoll, live: LivePolls): Standing {
  if (poll.state === 'closed') return { votes: poll.tally?.votes ?? null, tally: poll.tally }
  const now = live.get(poll.id)
  return { votes: now?.votes ?? null, tally: now?.tally ?? null }
}
