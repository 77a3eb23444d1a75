import { computed, onScopeDispose, ref, watch } from 'vue'
import type { VoiceCall } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import { tell, tellError } from '@/design/toasts'
import { useAuto } from './auto'
import { ScreenEnd } from './ends'
import { levelElsewhere } from './speech'
import { useOutput } from './output'
import { Sound } from './playing'
import { useEnds } from './use-ends'
import { Volumes } from './volumes'

export type Desk = ReturnType<typeof makeDesk>

/** The calls of a room on a host's page: those that it plays, and those that other pages play. */
export function makeDesk() {
  const room = useRoom()
  const volumes = new Volumes(room.state.rooms?.room.link ?? '')
  const blocked = ref(false)
  const sound = new Sound((is) => (blocked.value = is))
  const output = useOutput(() => sound.output)
  const calling = ref(false)

  const ends = useEnds<ScreenEnd>('screen', {
    make: (call, servers, say, told) =>
      new ScreenEnd(servers, say, told, (track) => {
        const first = sound.output === null
        sound.play(call.id, track)
        if (first) void output.apply()
        adjust()
      }),
    lost: (call) => sound.stop(call),
  })
  const auto = useAuto(ends)
  const calls = computed(() => room.state.voice?.calls ?? [])
  const live = computed(() => ends.mine.value.filter(({ state }) => state === 'live'))
  const isMine = (call: string) => ends.mine.value.some(({ id }) => id === call)

  function adjust(): void {
    for (const call of ends.mine.value) sound.volume(call.id, call.muted ? 0 : volumes.of(call.person))
  }
  watch(ends.mine, (now) => {
    sound.keep(now.map(({ id }) => id))
    adjust()
  })
  // While somebody is to be heard, the others are told how loud it is.
  watch(
    live,
    (now) =>
      sound.tellLevels(
        now.map(({ id }) => id),
        (call, level, speaking) => {
          if (room.status === 'live') room.signal('voice.level', { call, level, speaking })
        },
      ),
    { immediate: true },
  )

  /** Lets the phone of a request ring; this page plays it. Tells the person what is in the way. */
  async function call(item: string): Promise<boolean> {
    if (calling.value) return false
    calling.value = true
    void sound.unlock().then(output.apply)
    try {
      ends.claim((await room.send('voice.call', { item, line: ends.line })).call)
      return true
    } catch (error) {
      tellError(error)
      return false
    } finally {
      calling.value = false
    }
  }

  async function take(call: string): Promise<void> {
    void sound.unlock().then(output.apply)
    await ends.take(call).catch(tellError)
  }

  async function hangUp(call: string): Promise<void> {
    try {
      await room.send('voice.hang_up', { call })
    } catch (error) {
      // Both have hung up: it is as they want it.
      if (!(error instanceof Refused && error.code === 'call_unknown')) tellError(error)
    }
  }

  const nameOf = (person: string) => room.person(person)?.name ?? 'Somebody'
  /** Who is called by an ended call is not in its event. */
  let known = new Map<string, VoiceCall>()
  watch(calls, (now) => (known = new Map([...known, ...now.map((each) => [each.id, each] as const)])), {
    immediate: true,
    flush: 'sync',
  })
  const off = room.onEvent('voice.ended', ({ data }) => {
    const was = known.get(data.call)
    known.delete(data.call)
    sound.stop(data.call)
    if (!was || !room.isHost || was.screen !== room.state.people?.me) return
    if (data.outcome === 'missed')
      tell(`${nameOf(was.person)} did not answer. The request stays in the queue.`)
    else if (data.outcome === 'declined') tell(`${nameOf(was.person)} has taken the request back.`)
  })
  onScopeDispose(() => {
    off()
    sound.close()
  })

  return {
    calls,
    calling,
    /** Browsers play nothing before the person has touched the page: a reload in the middle of a call. */
    blocked: computed(() => blocked.value && ends.mine.value.some(({ state }) => state !== 'ringing')),
    soundOn: () => sound.unlock().then(output.apply),
    output,
    auto,
    call,
    take,
    hangUp,
    mute: (call: string, on: boolean) => room.send('voice.mute', { call, on }).catch(tellError),
    isMine,
    stateOf: (call: string) => ends.stateOf(call),
    /** How loud a call is now, 0 to 1: from the sound itself where this page plays it. */
    levelOf: (call: string) => (isMine(call) ? sound.level(call) : levelElsewhere(call)),
    volumeOf: (person: string) => volumes.of(person),
    setVolume: (person: string, volume: number) => {
      volumes.set(person, volume)
      adjust()
    },
  }
}
