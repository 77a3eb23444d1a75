import { until } from '@vueuse/core'
import { nextTick, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { VirtualizerHandle } from 'virtua/vue'
import type { History } from './history'
import type { Row } from './rows'

/** This near to the end counts as being there. */
const AT_END = 48
/** More is asked for before the reader gets to the edge. */
const AHEAD = 1_500
/** By now a jump has measured what it passes and stands where it leads. */
const LANDED = 300

interface Wiring {
  scroller: Readonly<Ref<HTMLElement | null>>
  virtual: Readonly<Ref<VirtualizerHandle | null>>
  rows: ComputedRef<Row[]>
  /** Rows were put before the ones that were there. */
  shift: () => boolean
  epoch: ComputedRef<number>
  history: History
  atEnd: Ref<boolean>
  /** Where to stand when a list is shown for the first time: an index, or undefined for the end. */
  start: () => number | undefined
}

/** Where the list stands: at its end while the reader is there, at a message when it is jumped to. */
export function useScroll({ scroller, virtual, rows, shift, epoch, history, atEnd, start }: Wiring) {
  /** Hidden until it stands where it should, so that nothing is seen to move. */
  const settled = ref(false)
  let target: number | undefined
  let frame = 0
  let landing: ReturnType<typeof setTimeout> | undefined
  let lastOffset = 0
  /** The number of the message in the middle, while the reader is not at the end. */
  let middle: number | undefined

  function toEnd(): void {
    const last = rows.value.length - 1
    if (last >= 0) virtual.value?.scrollToIndex(last, { align: 'end' })
  }

  function near(): void {
    const list = virtual.value
    if (!list || !settled.value) return
    const below = list.scrollSize - list.viewportSize - list.scrollOffset
    if (list.scrollOffset < AHEAD && history.older.value) void history.loadOlder()?.catch(() => undefined)
    if (below < AHEAD && history.inPast.value) void history.loadNewer().catch(() => undefined)
  }

  function scrolled(): void {
    const list = virtual.value
    if (!list) return
    const up = list.scrollOffset < lastOffset
    lastOffset = list.scrollOffset
    if (!settled.value) return
    // Only somebody who scrolls up leaves the end: when the list grows, the end goes away by itself.
    if (list.scrollSize - list.viewportSize - list.scrollOffset < AT_END) atEnd.value = true
    else if (up) atEnd.value = false
    const at = list.findItemIndex(list.scrollOffset + list.viewportSize / 2)
    const before = rows.value.slice(0, at + 1)
    middle = atEnd.value ? undefined : before.findLast(({ message }) => message)?.message?.n
    near()
  }

  /** The list, or something in it, has another size. */
  function resized(): void {
    if (atEnd.value && !history.inPast.value) toEnd()
  }

  function go(index: number | undefined): void {
    atEnd.value = index === undefined
    clearTimeout(landing)
    if (index === undefined) return toEnd()
    virtual.value?.scrollToIndex(index, { align: 'center' })
    // A jump to one of the last messages may move nothing, and then nothing would tell that this is the end.
    landing = setTimeout(scrolled, LANDED)
  }

  async function place(): Promise<void> {
    settled.value = false
    await nextTick()
    go(target ?? start())
    cancelAnimationFrame(frame)
    // Two frames: one to lay out what is there, one to stand right after measuring it.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        const jumping = target !== undefined
        if (jumping) go(target)
        target = undefined
        settled.value = true
        // On the way to a message the list still stands at its end: that must not count as being there.
        if (!jumping) scrolled()
      })
    })
  }

  watch(epoch, place, { immediate: true, flush: 'post' })
  // Rows that come before what is being read are measured when they are drawn, and until then the virtual list must
  // hold on to its end. It lets go 150 ms after the last event of scrolling: so that this is not in between, here is one.
  watch(rows, () => {
    if (shift()) scroller.value?.dispatchEvent(new Event('scroll'))
  })
  watch(
    rows,
    async () => {
      await nextTick()
      if (!settled.value) return
      if (atEnd.value && !history.inPast.value) toEnd()
      // Where it stands with older rows before it, the event of scrolling there will tell.
      if (!shift()) near()
    },
    { flush: 'post' },
  )
  onScopeDispose(() => {
    cancelAnimationFrame(frame)
    clearTimeout(landing)
  })

  /** Stands at a row, now or as soon as the list that holds it is there. */
  async function toIndex(index: number): Promise<void> {
    if (settled.value) return go(index)
    target = index
    await until(settled).toBe(true)
  }

  return { settled, scrolled, resized, toEnd, toIndex, middle: () => middle }
}
