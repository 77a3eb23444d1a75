import { computed, onScopeDispose, ref, watch } from 'vue'
import type { VoiceCall } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { hush } from '@/design/sounds'
import { tell, tellError } from '@/design/toasts'
import { PhoneEnd } from './ends'
import { ownSeen } from './asking'
import { useMicrophone } from './microphone'
import { hindranceOf, viewOf } from './phone-view'
import { tabOf } from './tab'
import { useEnds } from './use-ends'

/** What is refused because the call has become another one meanwhile: the page shows that by itself. */
const OVERTAKEN = new Set(['call_unknown', 'call_taken', 'activity_off', 'forbidden'])
/** Two clocks agree so far. */
const NEARLY_MS = 250
const SAID = {
  answered: 'Your call has ended.',
  called_off: 'The host has called it off. Your request stays where it was.',
  declined: 'Your request to speak is taken back.',
} as const

/** The phone of the person of this page: what rings on it, and the call that it has. One for each page. */
export function usePhone() {
  const room = useRoom()
  const microphone = useMicrophone()
  const tab = tabOf(room.state.rooms?.room.link ?? '')
  const busy = ref<'talk' | 'take' | null>(null)
  /** Hung up here, and not yet by the server's word. */
  const leaving = ref<string | null>(null)
  const ownMute = ref(false)

  const ends = useEnds<PhoneEnd>('phone', {
    make: (_call, servers, say, state) =>
      microphone.track.value ? new PhoneEnd(microphone.track.value, servers, say, state) : null,
  })
  const call = computed<VoiceCall | undefined>(() =>
    room.state.voice?.calls.find(({ person }) => person === room.state.people?.me),
  )
  const view = computed(() =>
    viewOf(call.value, {
      phone: ends.mine.value.some(({ id }) => id === call.value?.id),
      screen: call.value !== undefined && tab.has('screen', call.value.id),
      leaving: leaving.value,
    }),
  )
  const live = computed(() => view.value === 'live')
  const connected = computed(() => call.value !== undefined && ends.stateOf(call.value.id) === 'connected')
  const hindrance = computed(() =>
    call.value
      ? hindranceOf({
          online: room.status === 'live',
          microphone: microphone.track.value !== null,
          call: call.value,
          connected: connected.value,
          paused: microphone.paused.value,
          ownMute: ownMute.value,
        })
      : null,
  )

  /** A call that is over here has nothing more to say about what was refused. */
  function refused(error: unknown): void {
    if (!(error instanceof Refused) || !OVERTAKEN.has(error.code)) tellError(error)
  }

  async function withMicrophone(
    what: 'talk' | 'take',
    act: (call: string) => Promise<unknown>,
  ): Promise<void> {
    const id = call.value?.id
    if (!id || busy.value) return
    busy.value = what
    microphone.wakeMeter()
    try {
      if (await microphone.open('call')) await act(id)
    } catch (error) {
      refused(error)
      if (!live.value) microphone.close('call')
    } finally {
      busy.value = null
    }
  }

  const talk = () =>
    withMicrophone('talk', async (id) => {
      // Before it is asked: a reload in between finds the way back.
      ends.claim(id)
      try {
        await room.send('voice.talk', { call: id, line: ends.line })
      } catch (error) {
        ends.release(id)
        throw error
      }
    })
  const take = () => withMicrophone('take', ends.take)

  async function hangUp(): Promise<void> {
    const id = call.value?.id
    if (!id || leaving.value === id) return
    // At once, whatever the network does: nothing is heard from here any more.
    leaving.value = id
    ends.release(id)
    try {
      await room.send('voice.hang_up', { call: id })
    } catch (error) {
      leaving.value = null
      refused(error)
    }
  }

  let toldMissed = new Set(room.state.voice?.missed)
  /** Whose request it was is known as long as it stands in the queue, or from the call itself. */
  let lastItem: string | undefined
  let lastLimit: number | null = null
  const isOwn = (item: string) =>
    item === lastItem ||
    (room.state.floor?.items.some(({ id, person }) => id === item && person === room.state.people?.me) ??
      false)
  const ready = (item: string) => void room.send('voice.ready', { item }).catch(refused)

  const stops = [
    room.onEvent('voice.ended', ({ data }) => {
      if (!isOwn(data.item) || data.outcome === 'missed') return
      // Who hung up themselves knows.
      if (leaving.value === data.call && data.outcome === 'answered') return
      const over = data.outcome === 'answered' && lastLimit !== null && lastLimit <= room.now() + NEARLY_MS
      tell(over ? 'Your time to speak is over.' : SAID[data.outcome])
    }),
    room.onEvent('voice.missed', ({ data }) => {
      for (const item of data.missed)
        if (isOwn(item) && !toldMissed.has(item) && ownSeen.value === 0)
          tell('You were called, and nobody answered.', {
            action: { label: 'I am here', run: () => ready(item) },
          })
      toldMissed = new Set(data.missed)
    }),
  ]
  watch(
    call,
    (now) => {
      if (!now) return
      lastItem = now.item
      lastLimit = now.speaks_until
    },
    { immediate: true, flush: 'sync' },
  )
  watch(
    () => call.value?.id,
    () => {
      leaving.value = null
      ownMute.value = false
      if (!live.value) microphone.close('call')
    },
  )
  watch(
    live,
    (now) => {
      hush(now)
      if (now) void microphone.open('call')
      else microphone.close('call')
    },
    { immediate: true },
  )
  // Another microphone goes on in the same connection; the first one begins it.
  watch([microphone.track, ownMute], ([track, mute]) => {
    if (track) track.enabled = !(mute && live.value)
    const end = call.value && ends.endOf(call.value.id)
    if (end) void end.use(track).catch(() => undefined)
    else if (track) ends.begin()
  })
  onScopeDispose(() => {
    for (const stop of stops) stop()
    hush(false)
    microphone.close('call')
  })

  return { call, view, hindrance, connected, busy, ownMute, microphone, talk, take, hangUp }
}
