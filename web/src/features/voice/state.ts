import type { VoiceCall, VoiceSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'

/** In the order of calling, as a snapshot has them. */
function upsert(calls: VoiceCall[], call: VoiceCall): VoiceCall[] {
  const others = calls.filter(({ id }) => id !== call.id)
  return [...others, call].sort((a, b) => a.called_at - b.called_at || (a.id < b.id ? -1 : 1))
}

export const voice: Fold<VoiceSnapshot> = {
  apply(state, event) {
    switch (event.type) {
      case 'voice.changed':
        return { ...state, calls: upsert(state.calls, event.data.call) }
      case 'voice.ended':
        return { ...state, calls: state.calls.filter(({ id }) => id !== event.data.call) }
      case 'voice.missed':
        return { ...state, missed: event.data.missed }
      case 'voice.auto':
        return { ...state, auto: event.data.auto }
      case 'voice.settings':
        return { ...state, settings: event.data.settings }
      default:
        return state
    }
  },
  normalise: (state) => state,
}
