import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { CallParticipant } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import type { OwnMedia } from './own'
import { CallTab } from './tab'
import type { CallError, LeftBecause, Phase } from './types'

/** It is worth asking again: these speak of the moment, not of the call. */
const PASSING = new Set(['unavailable', 'rate_limited', 'internal'])
const AGAIN_MS = 2_000

export interface SessionHooks {
  /** The place is had, or had anew: media may begin. Said again with every change of who is in the call. */
  follow(me: CallParticipant, epoch: number, others: readonly CallParticipant[]): void
  /** Words can be sent from this place, or not for now. */
  ready(is: boolean): void
  /** This page comes back by itself, after it was loaded again. */
  coming(): void
  /** The call is over for this page: everything of it is to be put away. */
  over(): void
  refused(error: CallError): void
}

export const told = (error: unknown): CallError =>
  error instanceof Refused
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: 'Something went wrong. Try again.' }

/** This page's place in the call, as the server has it: taken, kept over cuts and reloads, given up. For as long as the scope is there. */
export function useSession(own: OwnMedia, hooks: SessionHooks) {
  const room = useRoom()
  const phase = shallowRef<Phase>('idle')
  const leftBecause = shallowRef<LeftBecause | null>(null)
  const error = shallowRef<CallError | null>(null)
  /** The place, and the epoch that is this page's. */
  const place = shallowRef<{ seat: string; epoch: number } | null>(null)
  let tab: CallTab | null = null
  let turn = 0
  let entering = false
  /** Counts the connections to the server: what was asked over an earlier one holds for that one. */
  let lives = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const participants = computed(() => room.state.call?.participants ?? [])
  const mine = computed(() => participants.value.find(({ id }) => id === place.value?.seat) ?? null)
  const isJoining = () => phase.value === 'joining'
  const inside = () => phase.value === 'in' || phase.value === 'reconnecting'

  function put(now: Phase, because: LeftBecause | null = null): void {
    phase.value = now
    leftBecause.value = because
  }

  function end(now: Phase, because: LeftBecause | null = null): void {
    clearTimeout(timer)
    turn += 1
    entering = false
    place.value = null
    put(now, because)
    hooks.over()
  }

  /** Says to be here, over the present connection. */
  async function enter(take: boolean, anew: boolean): Promise<void> {
    const now = ++turn
    entering = true
    const over = lives
    const said = own.said.value
    const { participant } = await room.send('call.join', { line: tab!.line, anew, take, ...said })
    if (now !== turn) return
    // Rooms in which newcomers begin muted.
    if (anew && said.microphone && !participant.microphone && !participant.held.includes('microphone'))
      own.mute()
    place.value = { seat: participant.id, epoch: participant.epoch }
    if (over !== lives) return resume()
    put(room.status === 'live' ? 'in' : 'reconnecting')
    entering = false
    hooks.ready(room.status === 'live')
    follow()
    void speakOfMedia(said)
  }

  /** Says to be here still, or again. What is refused tells whether it is. */
  async function resume(anew = false): Promise<void> {
    try {
      await enter(false, anew)
    } catch (refused) {
      if (!inside() && !isJoining()) return
      entering = false
      const { code } = told(refused)
      if (PASSING.has(code)) timer = setTimeout(() => room.status === 'live' && void resume(anew), AGAIN_MS)
      else if (code === 'call_elsewhere') end('elsewhere')
      else if (code !== 'cut' && room.status === 'live') {
        error.value = told(refused)
        end('left', code === 'activity_off' ? 'over' : 'lost')
      }
    }
  }

  async function join(take: boolean): Promise<void> {
    if (isJoining() || inside() || !tab) return
    put('joining')
    error.value = null
    try {
      await enter(take, true)
    } catch (refused) {
      if (!isJoining()) return
      entering = false
      if (told(refused).code === 'call_elsewhere') return end('elsewhere')
      error.value = told(refused)
      put('prejoin')
    }
  }

  async function leave(): Promise<void> {
    if (!inside() && !isJoining()) return
    end('left', 'self')
    try {
      await room.send('call.leave', {})
    } catch {
      // The server has ended it already, or notices that this page is gone.
    }
  }

  /** Everyone as the server has them now, with this page's own place. */
  function follow(): void {
    const me = mine.value
    const had = place.value
    if (!me || !had || entering) return
    // Another page has the place now.
    if (me.epoch > had.epoch) return end('elsewhere')
    if (room.status === 'live') {
      hooks.follow(
        me,
        had.epoch,
        participants.value.filter(({ id }) => id !== had.seat),
      )
      if (!me.there) void resume()
    }
  }

  let speaking = false
  /** What this page sends, when it is another than the server has heard: one word after the other, the last one counts. */
  async function speakOfMedia(before: OwnMedia['said']['value']): Promise<void> {
    const now = own.said.value
    const changed = Object.fromEntries(
      Object.entries(now).filter(([name, value]) => before[name as keyof typeof now] !== value),
    )
    if (speaking || phase.value !== 'in' || Object.keys(changed).length === 0) return
    speaking = true
    try {
      await room.send('call.media', changed)
    } catch (refused) {
      // What is held is told by an event as well, and switched off by that.
      if (told(refused).code === 'not_in_call') void resume()
      else if (told(refused).code !== 'held') hooks.refused(told(refused))
    } finally {
      speaking = false
    }
    await speakOfMedia(now)
  }
  watch(own.said, (_now, before) => void speakOfMedia(before))
  watch(participants, follow, { flush: 'sync' })

  let deaf: (() => void)[] = []
  function listen(): void {
    deaf = [
      room.onEvent('call.left', ({ data }) => {
        if (data.participant !== place.value?.seat) return
        // The server has waited long enough; the place is kept for who comes back to it.
        if (data.why === 'lost') return void resume()
        end('left', data.why === 'left' ? 'self' : data.why === 'sent_out' ? 'sent_out' : 'over')
      }),
    ]
    tab = new CallTab(room.state.rooms?.room.link ?? '', () => ({
      joined: inside(),
      microphone: own.microphone.state.wanted,
      camera: own.camera.state.wanted,
    }))
    const { before } = tab
    if (!before?.joined) return
    own.microphone.state.wanted = before.microphone
    own.camera.state.wanted = before.camera
    put('joining')
    hooks.coming()
    void resume(true)
  }
  function unlisten(): void {
    if (inside() || isJoining()) end('left', 'over')
    else hooks.over()
    put('idle')
    for (const off of deaf) off()
    deaf = []
    tab?.close()
    tab = null
  }
  watch(
    () => room.status,
    (now) => {
      if (now === 'live') {
        lives += 1
        if (!tab) listen()
        else if (inside()) void resume()
      } else if (now === 'closed' || now === 'ended') {
        if (tab) unlisten()
      } else if (inside()) {
        put('reconnecting')
        hooks.ready(false)
      }
    },
    { immediate: true, flush: 'sync' },
  )
  onScopeDispose(() => tab && unlisten())

  return {
    phase,
    leftBecause,
    error,
    place,
    mine,
    /** Another page of this person is in the call. */
    elsewhere: computed(() =>
      participants.value.some(
        ({ person, id }) => person === room.state.people?.me && id !== place.value?.seat,
      ),
    ),
    join,
    leave,
    /** Begins the place anew, with media connections that are all new. */
    anew: () => inside() && room.status === 'live' && void resume(true),
    look: (now: 'prejoin' | 'idle') => {
      if (!inside() && !isJoining()) put(now)
    },
  }
}
