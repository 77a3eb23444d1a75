import { computed, onScopeDispose, shallowReactive, shallowRef, watch, type ComputedRef } from 'vue'
import type { VoiceCall } from '@/contract'
import { Refused } from '@/core/refused'
import { useRoom } from '@/core/room'
import type { Say } from './ends'
import { CallLink, type LinkEnd, type LinkState } from './link'
import { tabOf, type Side } from './tab'

export interface EndHooks<E extends LinkEnd> {
  make(
    call: VoiceCall,
    servers: RTCIceServer[],
    say: Say,
    tell: (state: RTCPeerConnectionState) => void,
  ): E | null
  /** Another page has the end, or may have it no more: what was made for it is to be put away. */
  lost?: (call: string, why: Refused) => void
}

export interface Ends<E extends LinkEnd> {
  /** By which the server knows this page again: said with `voice.call`, `voice.talk` and `voice.auto`. */
  line: string
  /** The calls that this page has an end of, in the order of calling. */
  mine: ComputedRef<VoiceCall[]>
  /** How the media connection of each of them is; read it in a computed. */
  stateOf: (call: string) => LinkState
  /** This page has the end from now on: said before `voice.talk`, after `voice.call`, or when auto mode called to it. */
  claim: (call: string) => void
  /** It has it no more, as when `voice.talk` was refused. */
  release: (call: string) => void
  /** Takes a free end; rejects `Refused`, with `call_taken` when it is not free. */
  take: (call: string) => Promise<void>
  /** The end of the present epoch. */
  endOf: (call: string) => E | null
  /** Makes ends that could not be made before, as without a microphone. */
  begin: () => void
}

/** It is worth asking again: these speak of the moment, not of the call. */
const PASSING = new Set(['unavailable', 'rate_limited', 'internal'])
const AGAIN_MS = 2_000

/**
 * The ends that this page has of the room's calls, on one side of them. It takes them again after a loss of the connection and
 * after a reload, and puts them away when the calls have ended. For as long as the scope is there.
 */
export function useEnds<E extends LinkEnd>(side: Side, hooks: EndHooks<E>): Ends<E> {
  const room = useRoom()
  const tab = tabOf(room.state.rooms?.room.link ?? '')
  const links = new Map<string, CallLink<E>>()
  const states = shallowReactive(new Map<string, LinkState>())
  /** Counts claims and releases, which a tab keeps without telling. */
  const changes = shallowRef(0)
  const resuming = new Set<string>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const calls = computed(() => room.state.voice?.calls ?? [])
  const mine = computed(() => {
    void changes.value
    return calls.value.filter(({ id }) => tab.has(side, id))
  })
  const find = (id: string) => calls.value.find((call) => call.id === id)

  function link(call: VoiceCall): CallLink<E> {
    const { id } = call
    const made = new CallLink<E>(id, {
      make: (servers, say, tell) => hooks.make(find(id) ?? call, servers, say, tell),
      signal: (word) => room.signal('voice.line', word),
      ready: () => room.status === 'live',
      now: room.now,
      told: (state) => states.set(id, state),
    })
    links.set(id, made)
    return made
  }

  function drop(id: string): void {
    links.get(id)?.close()
    links.delete(id)
    states.delete(id)
  }

  function claim(id: string): void {
    tab.claim(side, id)
    changes.value += 1
  }

  function release(id: string): void {
    tab.release(side, id)
    changes.value += 1
  }

  async function take(id: string): Promise<void> {
    await room.send('voice.resume', { call: id, line: tab.line })
    claim(id)
  }

  /** Says that this page is there (again). What it gets for an answer tells whether the end is still its own. */
  async function resume(id: string): Promise<void> {
    if (resuming.has(id)) return
    resuming.add(id)
    try {
      await take(id)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (PASSING.has(error.code)) {
        const timer = setTimeout(() => (timers.delete(timer), look()), AGAIN_MS)
        timers.add(timer)
      } else if (tab.has(side, id)) {
        release(id)
        hooks.lost?.(id, error)
      }
    } finally {
      resuming.delete(id)
    }
  }

  /** A phone that is ringing has not been answered yet: there is nothing to take again. */
  const held = (call: VoiceCall) => side === 'screen' || call.state !== 'ringing'

  /** Whether the server believes that nobody has an end that this page has. */
  function look(): void {
    if (room.status !== 'live') return
    for (const call of mine.value) if (held(call) && !call[`${side}_there`]) void resume(call.id)
  }

  watch(
    mine,
    (now) => {
      for (const id of [...links.keys()]) if (!now.some((call) => call.id === id)) drop(id)
      for (const call of now) (links.get(call.id) ?? link(call)).follow(call)
      look()
    },
    { immediate: true, flush: 'sync' },
  )
  // Calls of which nothing is known any more have ended; with the state of a room, all that there are are known.
  watch(
    calls,
    (now, before) => {
      for (const { id } of before ?? []) if (!now.some((call) => call.id === id)) tab.release(side, id)
    },
    { flush: 'sync' },
  )
  // A new connection, which has nothing yet, whatever the server believes of the one before.
  watch(
    () => room.status,
    (now) => {
      if (now !== 'live') return
      for (const call of mine.value) {
        resuming.delete(call.id)
        if (held(call)) void resume(call.id)
      }
    },
    { immediate: true, flush: 'sync' },
  )
  const deaf = room.onSignal('voice.line', (word) => links.get(word.call)?.hear(word))
  onScopeDispose(() => {
    deaf()
    for (const timer of timers) clearTimeout(timer)
    for (const id of [...links.keys()]) drop(id)
  })

  return {
    line: tab.line,
    mine,
    stateOf: (id) => states.get(id) ?? 'none',
    claim,
    release,
    take,
    endOf: (id) => links.get(id)?.end ?? null,
    begin: () => links.forEach((each) => void each.begin()),
  }
}
