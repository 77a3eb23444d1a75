import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useRoom } from '@/core/room'
import { notify } from '@/design/notify'
import { serverNow, timeChanged } from '../clock/server-time'
import { ringSound, ringVolume } from '../device'
import { ago } from '../timer/timer'
import { drawAttention } from './attention'
import { useDue } from './due'
import { playRing } from './play'
import { duesOf, LATE_MS, rungOf, type Ring } from './rings'
import { lastsFor } from './sounds'

export interface Ringing extends Ring {
  /** So much later it is heard here than it was due. */
  late: number
}

/** What rings now, or has rung and was not put away. */
export const ringing = shallowRef<readonly Ringing[]>([])
const quiet = new Map<string, () => void>()

/** An alarm sounds again and again, for so long. */
const ALARM_MS = 60_000
const PAUSE_MS = 1_200
/** The end of a phase goes by itself when it was seen for so long. */
const SEEN_MS = 25_000
const SHAKES = [300, 150, 300]

export function putAway(key: string): void {
  quiet.get(key)?.()
  quiet.delete(key)
  ringing.value = ringing.value.filter((one) => one.key !== key)
}

/** One of several tabs of this browser rings; the others show it. */
async function mayRing(key: string): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return true
  return new Promise((resolve) => {
    void locks.request(`salon.ring.${key}`, { ifAvailable: true }, async (lock) => {
      resolve(lock !== null)
      if (lock) await new Promise((over) => setTimeout(over, 5_000))
    })
  })
}

function shake(): void {
  // Missing on Apple's phones; refused before the first tap.
  if (typeof (navigator as Partial<Navigator>).vibrate === 'function') navigator.vibrate(SHAKES)
}

/** Sounds, as often as it is to, until the returned function is called. */
function sounding(kind: Ring['kind']): () => void {
  let stop: (() => void) | null = null
  const once = () => {
    stop = playRing(ringSound.value, ringVolume.value)
    shake()
  }
  once()
  if (kind === 'timer') return () => stop?.()
  const again = setInterval(once, lastsFor(ringSound.value) * 1000 + PAUSE_MS)
  const end = setTimeout(() => clearInterval(again), ALARM_MS)
  return () => {
    clearInterval(again)
    clearTimeout(end)
    stop?.()
  }
}

async function ring(due: Ring): Promise<void> {
  const late = Math.max(0, serverNow() - due.at)
  ringing.value = [...ringing.value, { ...due, late }]
  if (!(await mayRing(due.key)) || !ringing.value.some(({ key }) => key === due.key)) return
  quiet.set(due.key, sounding(due.kind))
  notify(due.title, late > LATE_MS ? `It rang ${ago(late)}.` : 'In your room for study.', `study ${due.key}`)
}

/** Rings for what is due and what the server says, each once; there as long as the activity is on. */
export function useRinger(): void {
  const room = useRoom()
  const since = serverNow()
  const rung = new Set<string>()
  const dues = computed(() => (room.state.study ? duesOf(room.state.study) : []))
  const told = computed(() => (room.state.study ? rungOf(room.state.study) : []))

  function once(due: Ring): void {
    if (rung.has(due.key)) return
    rung.add(due.key)
    void ring(due)
  }
  const { follow, stop } = useDue<Ring>(serverNow, once)
  watch([dues, timeChanged], () => follow(dues.value.filter(({ key }) => !rung.has(key))), {
    immediate: true,
  })
  watch(
    told,
    (now) => {
      for (const due of now) {
        // What rang before this page was opened is told where it stands.
        if (due.at >= since) once(due)
        else rung.add(due.key)
      }
      // An alarm that somebody else has stopped or put off.
      for (const { key, kind } of ringing.value)
        if (kind === 'alarm' && ![...now, ...dues.value].some((due) => due.key === key)) putAway(key)
    },
    { immediate: true },
  )

  const shown = computed(() => ringing.value.at(-1)?.title)
  watch(
    shown,
    (title, _before, clean) => {
      if (title !== undefined) clean(drawAttention(`🔔 ${title}`))
    },
    { immediate: true },
  )
  const goes = setInterval(() => {
    if (document.hidden) return
    for (const one of ringing.value)
      if (one.kind === 'timer' && serverNow() - one.at - one.late > SEEN_MS) putAway(one.key)
  }, 1_000)
  onScopeDispose(() => {
    stop()
    clearInterval(goes)
    for (const { key } of ringing.value) putAway(key)
  })
}
