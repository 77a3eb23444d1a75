import { onScopeDispose, shallowRef, watch } from 'vue'
import { useRoom } from '@/core/room'
import { TimeEstimate } from './estimate'

/** So many exchanges at once, so long after each other, and so often. */
const MANY = 8
const PAUSE_MS = 120
const EVERY_MS = 60_000
/** How often it is looked whether the page's clock has gone evenly, and from when on it has not. */
const LOOK_MS = 500
const UNEVEN_MS = 60
/** So far off no event can be by the network alone. */
const ASTRAY_MS = 2_000
/** The answer to a question that is older tells nothing. */
const TOO_LATE_MS = 5_000

/** Goes evenly, also when somebody sets the device's clock; but may stand still while the device sleeps. */
const even = () => performance.timeOrigin + performance.now()

let estimate: TimeEstimate | null = null
/** Rises when what the page takes for the server's time has changed by more than one sees. */
export const timeChanged = shallowRef(0)

/** Milliseconds since 1970 by the server's clock, to some milliseconds. */
export const serverNow = (): number => (estimate?.known ? estimate.now() : useRoom().now())

/** Keeps the server's time known, for as long as the caller lives. */
export function useServerTime(): void {
  const room = useRoom()
  const mine = (estimate = new TimeEstimate(even))
  const open = new Map<number, number>()
  let probe = Math.floor(Math.random() * 1_000_000)
  let askedAt = -Infinity
  let apart = Date.now() - even()
  let afresh = false
  const timers = new Set<ReturnType<typeof setTimeout>>()

  const stop = room.onSignal('presence.time', ({ probe: number, received_at, sent_at }) => {
    const asked = open.get(number)
    open.delete(number)
    const came = even()
    if (asked === undefined || came - asked > TOO_LATE_MS) return
    const before = serverNow()
    if (afresh) mine.begin()
    afresh = false
    mine.take({ asked, received: received_at, sent: sent_at, came })
    if (Math.abs(serverNow() - before) > 20) timeChanged.value += 1
  })

  function ask(): void {
    open.set((probe += 1), even())
    room.signal('presence.time', { probe })
  }
  function askAll(): void {
    if (room.status !== 'live' || even() - askedAt < MANY * PAUSE_MS) return
    askedAt = even()
    open.clear()
    ask()
    for (let n = 1; n < MANY; n++) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        ask()
      }, n * PAUSE_MS)
      timers.add(timer)
    }
  }
  function look(): void {
    const now = Date.now() - even()
    const jumped = now - apart
    apart = now
    if (Math.abs(jumped) > UNEVEN_MS) {
      // Asleep, the even clock may have stood still; the other one went on. Or it was set, which the next answers tell.
      mine.jump(jumped)
      open.clear()
      afresh = true
      timeChanged.value += 1
      askedAt = -Infinity
    }
    // Each event tells roughly when it was: the server's clock may have been set.
    const astray = mine.known && Math.abs(room.now() - mine.now()) > ASTRAY_MS
    if (even() - askedAt > (astray ? ASTRAY_MS : EVERY_MS)) askAll()
  }
  const seen = () => {
    if (document.hidden) return
    look()
    askAll()
  }
  const looking = setInterval(look, LOOK_MS)
  // Behind other pages that comes late; what the server tells comes at once.
  const stopLooking = room.onEvent('study.timer_changed', look)
  document.addEventListener('visibilitychange', seen)
  watch(
    () => room.status,
    () => {
      askedAt = -Infinity
      askAll()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    stop()
    stopLooking()
    clearInterval(looking)
    for (const timer of timers) clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
    if (estimate === mine) estimate = null
  })
}
