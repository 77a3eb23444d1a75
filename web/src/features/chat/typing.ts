import { computed, onScopeDispose, shallowRef, type Ref } from 'vue'
import { useRoom } from '@/core/room'

/** How long a typing notice holds. */
const HOLDS = 4_000
const TELL_EVERY = 2_000
/** Notices travel slower than messages: one that comes this soon after a message was about that message. */
const ECHO = 1_500

interface Typist {
  person: string
  peer: string | null
  until: number
}

/** Who else is typing in a conversation, and the telling that one is. */
export function useTyping(peer: Ref<string | null>) {
  const room = useRoom()
  const typists = shallowRef<Typist[]>([])
  const wrote = new Map<string, number>()
  let told = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const sweep = () => {
    const now = Date.now()
    typists.value = typists.value.filter(({ until }) => until > now)
    const next = Math.min(...typists.value.map(({ until }) => until))
    clearTimeout(timer)
    if (Number.isFinite(next)) timer = setTimeout(sweep, next - now + 20)
  }

  const offSignal = room.onSignal('chat.typing', ({ people, peer = null }) => {
    const now = Date.now()
    const until = now + HOLDS
    people = people.filter((person) => now - (wrote.get(person) ?? 0) > ECHO)
    const others = typists.value.filter((one) => one.peer !== peer || !people.includes(one.person))
    typists.value = [...others, ...people.map((person) => ({ person, peer, until }))]
    sweep()
  })
  const offSent = room.onEvent('chat.sent', ({ data }) => {
    wrote.set(data.message.author, Date.now())
    typists.value = typists.value.filter(
      (one) => one.person !== data.message.author || one.peer !== data.peer,
    )
  })
  onScopeDispose(() => {
    offSignal()
    offSent()
    clearTimeout(timer)
  })

  const names = computed(() =>
    typists.value
      .filter((one) => one.peer === peer.value && one.person !== room.me?.id)
      .flatMap(({ person }) => room.person(person)?.name ?? []),
  )

  return {
    names,
    /** Call it with each change of the text; it tells the others now and then. */
    tell(): void {
      if (Date.now() - told < TELL_EVERY) return
      told = Date.now()
      room.signal('chat.typing', { peer: peer.value })
    },
    /** The text was sent: the next change is told at once. */
    rest(): void {
      told = 0
    },
  }
}
