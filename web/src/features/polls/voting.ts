import { computed, type Ref } from 'vue'
import type { PollsAnswer, PollsPoll, PollsSnapshot } from '@/contract'
import type { Outgoing } from '@/core/outbox'
import { useRoom } from '@/core/room'

const VOTE = 'polls.vote'
const pollOf = (outgoing: Outgoing): unknown => outgoing.payload.poll
const isVote = (outgoing: Outgoing): boolean => outgoing.name === VOTE

const sentences: Record<string, string> = {
  poll_over: 'Your vote came too late and is not counted.',
  poll_not_open: 'The poll was not open, so your vote is not counted.',
  poll_unknown: 'The poll is not there any more.',
  already_voted: 'You had voted before, perhaps on another device. That vote counts, not this one.',
  poll_begun_anew: 'A host has begun this poll anew, so your vote is not counted. Vote again.',
  option_unknown: 'The options have changed meanwhile. Choose again.',
  forbidden: 'You cannot vote in this poll.',
  muted: 'A host has muted you, so your vote is not counted.',
}

/**
 * One's vote on its way. It is kept by the tab until the server has answered, over a lost connection and a reload, and
 * a refusal stays until one votes again: nobody believes to have voted who has not.
 */
export function useVoting(poll: Readonly<Ref<PollsPoll>>) {
  const room = useRoom()
  const mine = computed(() => room.outgoing.filter((one) => isVote(one) && pollOf(one) === poll.value.id))
  const last = computed(() => mine.value.at(-1))
  const sending = computed(() =>
    last.value !== undefined && last.value.state !== 'failed' ? last.value : null,
  )
  const refusal = computed(() => {
    const why = last.value?.refused
    return why ? { code: why.code, text: sentences[why.code] ?? why.message } : null
  })

  function forget(): void {
    for (const { id, state } of mine.value) if (state === 'failed') room.drop(id)
  }
  function send(choice: PollsAnswer): void {
    if (sending.value) return
    forget()
    room.keep(VOTE, { poll: poll.value.id, choice, opened_at: poll.value.opened_at })
  }
  return { sending, refusal, send, forget }
}

/** Kept votes of which nothing more is to be told: those that are counted, and refusals of what has gone by. */
export function settled(outgoing: Outgoing[], polls: PollsSnapshot): string[] {
  const known = new Map(polls.polls.map((poll) => [poll.id, poll]))
  const stale = (one: Outgoing): boolean => {
    if (one.state !== 'failed') return one.state === 'done'
    const poll = known.get(String(pollOf(one)))
    // Opened once more, it asks anew.
    return !poll || (poll.state === 'open' && one.refused?.code === 'poll_over')
  }
  return outgoing.filter((one) => isVote(one) && stale(one)).map(({ id }) => id)
}
