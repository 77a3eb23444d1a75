import { computed, nextTick, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

/** What is in somebody's hand. Places count from 0. */
interface Lifted {
  id: string
  to: number
  by: 'pointer' | 'keys'
  /** How far the pointer has carried it, in CSS px of the scrolled content. */
  dy: number
}

interface Wiring {
  ids: Readonly<Ref<string[]>>
  /** Whose rows, in the order of `ids`, are `[data-row]`. */
  list: Readonly<Ref<HTMLElement | null>>
  scroller: () => HTMLElement | null
  /** From where to where this one may go. */
  bounds: (id: string) => [number, number]
  drop: (id: string, to: number) => void
  name: (id: string) => string
}

export type Handling = ReturnType<ReturnType<typeof useReorder>['handle']>

/** So near to the edge the list scrolls by itself, so many px a frame at most. */
const EDGE = 56
const FASTEST = 14

/**
 * A list that is put in order by its handles: drawn with mouse or finger (pointer events), or lifted with Space, carried
 * with the arrows and put down with Space. Escape lets go in both. Nothing changes before it is put down; what the
 * server does to the list meanwhile is followed.
 */
export function useReorder({ ids, list, scroller, bounds, drop, name }: Wiring) {
  const lifted = shallowRef<Lifted | null>(null)
  /** For screen readers. */
  const said = ref('')
  let start = { y: 0, scroll: 0, pointer: 0, now: 0 }
  let frame = 0

  const rowOf = (id: string) =>
    list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null
  const from = computed(() => (lifted.value ? ids.value.indexOf(lifted.value.id) : -1))
  const place = (to: number) => `place ${to + 1} of ${ids.value.length}`

  function clamp(id: string, to: number): number {
    const [first, last] = bounds(id)
    return Math.min(last, Math.max(first, to))
  }

  function release(): void {
    cancelAnimationFrame(frame)
    lifted.value = null
  }

  function cancel(): void {
    if (!lifted.value) return
    said.value = `${name(lifted.value.id)} stays where it was.`
    release()
  }

  async function put(): Promise<void> {
    const held = lifted.value
    if (!held) return
    said.value = `${name(held.id)} stands at ${place(held.to)}.`
    const [changed, byKeys] = [held.to !== from.value, held.by === 'keys']
    release()
    if (changed) drop(held.id, held.to)
    await nextTick()
    // A row that moves in the page loses the focus.
    if (byKeys) rowOf(held.id)?.querySelector<HTMLElement>('[data-handle]')?.focus()
  }

  // By pointer

  /** Where the middle of what is held lies among the others. Their own places do not count what is shown shifted. */
  function follow(): void {
    const held = lifted.value
    const row = held && rowOf(held.id)
    if (!held || !row) return
    const scrolled = (scroller()?.scrollTop ?? 0) - start.scroll
    const dy = start.now - start.y + scrolled
    const middle = row.offsetTop + row.offsetHeight / 2 + dy
    const to = ids.value.filter((id) => {
      const other = id === held.id ? null : rowOf(id)
      return other !== null && other.offsetTop + other.offsetHeight / 2 < middle
    }).length
    lifted.value = { ...held, dy, to: clamp(held.id, to) }
  }

  /** Scrolls while the pointer is held near an edge. */
  function creep(): void {
    const box = scroller()
    if (!lifted.value || !box) return
    const { top, bottom } = box.getBoundingClientRect()
    const over = start.now < top + EDGE ? start.now - top - EDGE : Math.max(0, start.now - bottom + EDGE)
    if (over !== 0) {
      box.scrollTop += Math.max(-1, Math.min(1, over / EDGE)) * FASTEST
      follow()
    }
    frame = requestAnimationFrame(creep)
  }

  function down(event: PointerEvent, id: string): void {
    if (event.button !== 0 || !event.isPrimary || lifted.value?.by === 'pointer') return
    // No selecting of text, and on phones no scrolling: the handle says touch-action: none.
    event.preventDefault()
    const handle = event.currentTarget as HTMLElement
    handle.setPointerCapture(event.pointerId)
    handle.focus({ preventScroll: true })
    const scroll = scroller()?.scrollTop ?? 0
    start = { y: event.clientY, scroll, pointer: event.pointerId, now: event.clientY }
    lifted.value = { id, to: ids.value.indexOf(id), by: 'pointer', dy: 0 }
    frame = requestAnimationFrame(creep)
  }
  const ours = (event: PointerEvent) => lifted.value?.by === 'pointer' && event.pointerId === start.pointer
  function move(event: PointerEvent): void {
    if (!ours(event)) return
    start.now = event.clientY
    follow()
  }
  const up = (event: PointerEvent) => ours(event) && void put()
  /** The system has taken the finger for something else. */
  const lost = (event: PointerEvent) => ours(event) && cancel()

  // By keys

  async function carry(id: string, to: number): Promise<void> {
    lifted.value = { id, to: clamp(id, to), by: 'keys', dy: 0 }
    said.value = `${name(id)}: ${place(lifted.value.to)}.`
    await nextTick()
    rowOf(id)?.scrollIntoView({ block: 'nearest' })
  }

  function key(event: KeyboardEvent, id: string): void {
    const held = lifted.value
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      if (event.repeat) return
      if (held) return void put()
      lifted.value = { id, to: ids.value.indexOf(id), by: 'keys', dy: 0 }
      said.value = `${name(id)} lifted, ${place(lifted.value.to)}. Arrows move it, Space puts it down, Escape lets go.`
    } else if (held?.id === id && held.by === 'keys') {
      const last = ids.value.length - 1
      const to = { ArrowUp: held.to - 1, ArrowDown: held.to + 1, Home: 0, End: last }[event.key]
      if (to === undefined) return
      event.preventDefault()
      void carry(id, to)
    }
  }
  /** Going elsewhere with Tab or a click puts nothing anywhere. */
  const blur = () => lifted.value?.by === 'keys' && cancel()
  function escape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !lifted.value) return
    event.preventDefault()
    event.stopPropagation()
    cancel()
  }
  window.addEventListener('keydown', escape, true)

  // The list changes under the hand.
  watch(
    ids,
    (now) => {
      const held = lifted.value
      if (!held) return
      if (!now.includes(held.id)) {
        said.value = `${name(held.id)} is gone.`
        release()
      } else if (held.by === 'pointer') follow()
      else lifted.value = { ...held, to: clamp(held.id, held.to) }
    },
    { flush: 'post' },
  )
  onScopeDispose(() => {
    window.removeEventListener('keydown', escape, true)
    cancelAnimationFrame(frame)
  })

  /** How far a row is shown from its place while something is held: to make room, or with the hand. */
  const shifts = computed<Map<string, number>>(() => {
    const held = lifted.value
    const found = new Map<string, number>()
    const row = held && rowOf(held.id)
    if (!held || !row) return found
    const gap = parseFloat(getComputedStyle(list.value!).rowGap) || 0
    const [first, last] = [Math.min(from.value, held.to), Math.max(from.value, held.to)]
    const between = ids.value.slice(first, last + 1).filter((id) => id !== held.id)
    const sign = held.to > from.value ? -1 : 1
    let way = 0
    for (const id of between) {
      found.set(id, sign * (row.offsetHeight + gap))
      way -= sign * ((rowOf(id)?.offsetHeight ?? 0) + gap)
    }
    found.set(held.id, held.by === 'pointer' ? held.dy : way)
    return found
  })

  /** Of a row, while something is held. */
  const style = (id: string) => {
    const shift = shifts.value.get(id)
    return shift ? { transform: `translateY(${shift}px)` } : undefined
  }
  /** What the handle of a row listens to. */
  const handle = (id: string) => ({
    pointerdown: (event: PointerEvent) => down(event, id),
    pointermove: move,
    pointerup: up,
    pointercancel: lost,
    lostpointercapture: lost,
    keydown: (event: KeyboardEvent) => key(event, id),
    blur,
  })

  return { lifted, said, style, handle }
}
