import type { CallHolds, CallParticipant, CallRecordingMark, CallSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'

function byJoining(a: CallParticipant, b: CallParticipant): number {
  return a.joined_at - b.joined_at || (a.id < b.id ? -1 : 1)
}

function upsert(known: CallParticipant[], changed: CallParticipant[]): CallParticipant[] {
  const others = known.filter(({ id }) => !changed.some((each) => each.id === id))
  return [...others, ...changed].sort(byJoining)
}

function hold(known: CallHolds[], changed: CallHolds[]): CallHolds[] {
  const others = known.filter(({ person }) => !changed.some((each) => each.person === person))
  const held = changed.filter(({ what }) => what.length > 0)
  return [...others, ...held].sort((a, b) => (a.person < b.person ? -1 : 1))
}

function begun(known: CallRecordingMark[], one: CallRecordingMark): CallRecordingMark[] {
  const others = known.filter(({ id }) => id !== one.id)
  return [...others, one].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
}

export const call: Fold<CallSnapshot> = {
  apply(state, event) {
    switch (event.type) {
      case 'call.changed':
        return { ...state, participants: upsert(state.participants, event.data.participants) }
      case 'call.left':
        return {
          ...state,
          participants: state.participants.filter(({ id }) => id !== event.data.participant),
        }
      case 'call.held':
        return { ...state, holds: hold(state.holds, event.data.holds) }
      case 'call.settings':
        return { ...state, settings: event.data.settings }
      case 'call.recording':
        return { ...state, recordings: begun(state.recordings, event.data.recording) }
      case 'call.recording_ended':
        return { ...state, recordings: state.recordings.filter(({ id }) => id !== event.data.recording) }
      default:
        return state
    }
  },
  normalise: (state) => state,
}
