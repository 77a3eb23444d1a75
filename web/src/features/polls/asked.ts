import type { PollsPoll, PollsShownQuestion } from '@/contract'

/** A question as the server tells it: every field is there, whether or not a host has set it. */
export type Asked = Required<PollsShownQuestion>
export const askedIn = (poll: PollsPoll): Asked => poll.question as Asked
