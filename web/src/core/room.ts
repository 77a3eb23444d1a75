import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { ClientSignals, Commands, PeoplePerson, Queries, ServerSignals, Snapshots } from '@/contract'
import { folds } from '@/features/folds'
import type { RoomCard } from './api'
import type { FeatureName } from './fold'
import type { Outgoing } from './outbox'
import { RoomLink, type Status } from './room-link'
import { Refused } from './refused'
import type { EventOf, EventType } from './wire'

export type { Status } from './room-link'

/** Why a room is over for this page: a refusal's code, or `left`, with a sentence for people. */
export interface Ended {
  code: string
  message: string
}

type SignalType = keyof ServerSignals

/**
 * The room that this page is in: its state, folded from the server's events, and the way to ask for changes.
 * Panels read `state` and never change it.
 */
export const useRoom = defineStore('room', () => {
  const status = shallowRef<Status>('closed')
  const ended = shallowRef<Ended | null>(null)
  const card = shallowRef<RoomCard | null>(null)
  const outgoing = shallowRef<Outgoing[]>([])
  /** Empty before the first snapshot. Each feature's part is replaced as a whole when something in it changes. */
  const state = shallowReactive<Partial<Snapshots>>({})
  /** Counts the snapshots: what was loaded beside an older one is to be loaded again. */
  const generation = shallowRef(0)
  let link: RoomLink | undefined

  const me = computed<PeoplePerson | null>(
    () => state.people?.people.find((person) => person.id === state.people?.me) ?? null,
  )
  const isOwner = computed(() => me.value?.role === 'owner')
  const isHost = computed(() => me.value?.role === 'owner' || me.value?.role === 'cohost')
  const byId = computed(() => new Map(state.people?.people.map((person) => [person.id, person])))

  function clear(): void {
    for (const name of Object.keys(state) as FeatureName[]) delete state[name]
    card.value = null
    ended.value = null
    outgoing.value = []
  }

  /** Goes to the room of a share link. Nothing happens when this page is in it already. */
  function open(to: string): void {
    if (link?.room === to && status.value !== 'ended') return
    close()
    status.value = 'connecting'
    link = new RoomLink(to, folds, {
      status: (now) => (status.value = now),
      ended: (why) => (ended.value = why),
      card: (now) => (card.value = now),
      outgoing: (now) => (outgoing.value = now),
      state: (now) => Object.assign(state, now),
      generation: () => (generation.value += 1),
    })
  }

  function close(): void {
    link?.close()
    link = undefined
    status.value = 'closed'
    clear()
  }

  const here = (): RoomLink => {
    if (!link) throw new Refused('not_joined', 'The room is not open.')
    return link
  }

  return {
    status,
    ended,
    card,
    state,
    generation,
    me,
    isOwner,
    isHost,
    /** Kept commands on their way: messages that are being sent, or could not be. */
    outgoing,
    open,
    close,

    /** Asks for a change. Settles when the server has answered, however often the connection is cut; rejects `Refused`. */
    send: async <N extends keyof Commands>(
      name: N,
      payload: Commands[N]['payload'],
    ): Promise<Commands[N]['answer']> =>
      (await here().outbox.send(name, { ...payload })) as unknown as Commands[N]['answer'],
    /** Sends something that survives a reload, and gives back its id; what becomes of it is told in `outgoing`. */
    keep: <N extends keyof Commands>(name: N, payload: Commands[N]['payload']): string =>
      here().outbox.keep(name, { ...payload }),
    /** The same for what is meant whenever it arrives: it survives that the tab or the browser is closed. */
    keepLasting: <N extends keyof Commands>(name: N, payload: Commands[N]['payload']): string =>
      here().outbox.keep(name, { ...payload }, 'room'),
    /** The same for what is the person's own in whichever room: another one sends it if this one has closed. */
    keepOwn: <N extends keyof Commands>(name: N, payload: Commands[N]['payload']): string =>
      here().outbox.keep(name, { ...payload }, 'person'),
    /** An activity with things of the person's own is on: what they have left unsent elsewhere goes from here, until it is off. */
    holdOwn: (): (() => void) => here().own.hold(),
    retry: (id: string): void => here().outbox.retry(id),
    drop: (id: string): void => link?.outbox.drop(id),
    /** Asks a question. Rejects `Refused`, with `unavailable` when no answer comes. */
    ask: async <N extends keyof Queries>(
      name: N,
      payload: Queries[N]['payload'],
    ): Promise<Queries[N]['answer']> =>
      (await here().questions.ask(name, { ...payload })) as unknown as Queries[N]['answer'],
    signal: <N extends keyof ClientSignals>(name: N, payload: ClientSignals[N]): void =>
      link?.tell(name, payload),

    /** Calls back after each event of a type was folded, until the returned function is called. */
    onEvent: <T extends EventType>(type: T, listener: (event: EventOf<T>) => void): (() => void) =>
      here().onEvent(type, listener),
    onSignal: <T extends SignalType>(type: T, listener: (data: ServerSignals[T]) => void): (() => void) =>
      here().onSignal(type, listener),

    /** Puts what a query has brought into a feature's state, beside what events bring. */
    learn: <F extends FeatureName>(name: F, change: (before: Snapshots[F]) => Snapshots[F]): void =>
      link?.learn(name, change),

    person: (id: string): PeoplePerson | undefined => byId.value.get(id),
    /** Milliseconds since 1970 by the server's clock. */
    now: (): number => link?.clock.now() ?? Date.now(),
  }
})
