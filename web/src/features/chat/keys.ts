import type { VirtualizerHandle } from 'virtua/vue'
import { computed, nextTick, ref, type ComputedRef, type Ref } from 'vue'
import type { Row } from './rows'

/** Frames. */
const MEASURED_WITHIN = 12

interface Wiring {
  scroller: Readonly<Ref<HTMLElement | null>>
  virtual: Readonly<Ref<VirtualizerHandle | null>>
  rows: ComputedRef<Row[]>
  /** Back to where one writes. */
  leave: () => void
}

/** Moving among messages with the keyboard: one of them is in the order of the Tab key, arrows lead to the others. */
export function useKeys({ scroller, virtual, rows, leave }: Wiring) {
  const chosen = ref<string | null>(null)
  const index = computed(() => {
    const at = rows.value.findIndex((row) => row.key === chosen.value)
    return at >= 0 ? at : rows.value.length - 1
  })
  const reachable = computed(() => rows.value[index.value]?.key ?? null)
  /** A message that has the focus stays in the page when it is scrolled away, or the focus would be lost. */
  const kept = computed(() => (chosen.value === null || index.value < 0 ? [] : [index.value]))

  const article = (key: string | null) =>
    key === null
      ? null
      : (scroller.value?.querySelector<HTMLElement>(`article[data-key="${CSS.escape(key)}"]`) ?? null)

  async function focus(at = index.value): Promise<void> {
    const row = rows.value[at]
    if (!row) return
    chosen.value = row.key
    virtual.value?.scrollToIndex(at, { align: 'nearest' })
    await nextTick()
    // A row is hidden until it is measured, and what is hidden takes no focus.
    for (let frames = 0; frames < MEASURED_WITHIN && chosen.value === row.key; frames++) {
      const element = article(row.key)
      element?.focus({ preventScroll: true })
      if (element && document.activeElement === element) return
      await new Promise(requestAnimationFrame)
    }
  }

  function down(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    if (event.key === 'Escape' && target.closest('article')) return leave()
    if (target.tagName !== 'ARTICLE') return
    const last = rows.value.length - 1
    const to = { ArrowUp: index.value - 1, ArrowDown: index.value + 1, Home: 0, End: last }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      if (to > last) leave()
      else void focus(Math.max(0, to))
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      const more = target.querySelector<HTMLElement>('[data-more]')
      more?.focus()
      more?.click()
    }
  }

  /** A message, or something in it, got the focus: its tools are shown. */
  function focusIn(event: FocusEvent, activate: (key: string, on: boolean) => void): void {
    const key = (event.target as HTMLElement).closest<HTMLElement>('article')?.dataset.key
    if (!key) return
    chosen.value = key
    if ((event.target as HTMLElement).matches(':focus-visible')) activate(key, true)
  }

  /** The focus left a message with all that is in it. */
  function focusOut(event: FocusEvent, activate: (key: string, on: boolean) => void): void {
    const from = (event.target as HTMLElement).closest<HTMLElement>('article')
    if (from?.dataset.key && !from.contains(event.relatedTarget as Node | null))
      activate(from.dataset.key, false)
  }

  return {
    reachable,
    kept,
    down,
    focusIn,
    focusOut,
    focus,
    /** From now on the Tab key leads to this row. */
    reach: (at: number) => (chosen.value = rows.value[at]?.key ?? null),
  }
}
