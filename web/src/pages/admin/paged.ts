import { onScopeDispose, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { ApiError } from '@/core/api'

export interface Page<T> {
  items: T[]
  /** Whether there is something after these. */
  more: boolean
}

/** Somebody who types is asked for after this pause. */
const PAUSE_MS = 250

export interface Paged<T> {
  items: Ref<T[]>
  more: Ref<boolean>
  /** The first answer has not come yet, or another one is awaited. */
  busy: Ref<boolean>
  known: Ref<boolean>
  failure: Ref<ApiError | null>
  reload: () => Promise<void>
  loadMore: () => Promise<void>
  replace: (old: T, next: T) => void
}

/**
 * A list that comes in pages, for a wish that changes while it is loaded: the answer to an older wish is dropped.
 * `fetch` gets what is there already.
 */
export function usePaged<T>(
  wish: WatchSource,
  fetch: (have: T[], signal: AbortSignal) => Promise<Page<T>>,
): Paged<T> {
  const items = shallowRef<T[]>([]) as Ref<T[]>
  const more = ref(false)
  const busy = ref(true)
  const known = ref(false)
  const failure = shallowRef<ApiError | null>(null)
  let running = new AbortController()

  async function load(have: T[]): Promise<void> {
    running.abort()
    const mine = (running = new AbortController())
    busy.value = true
    failure.value = null
    try {
      const page = await fetch(have, mine.signal)
      items.value = [...have, ...page.items]
      more.value = page.more
      known.value = true
    } catch (error) {
      if (mine.signal.aborted) return
      if (!(error instanceof ApiError)) throw error
      failure.value = error
    } finally {
      if (running === mine) busy.value = false
    }
  }

  let pause: ReturnType<typeof setTimeout> | undefined
  watch(wish, () => {
    clearTimeout(pause)
    busy.value = true
    pause = setTimeout(() => void load([]), PAUSE_MS)
  })
  onScopeDispose(() => {
    clearTimeout(pause)
    running.abort()
  })
  void load([])

  return {
    items,
    more,
    busy,
    known,
    failure,
    reload: () => load([]),
    loadMore: () => load(items.value),
    replace: (old, next) => (items.value = items.value.map((each) => (each === old ? next : each))),
  }
}
