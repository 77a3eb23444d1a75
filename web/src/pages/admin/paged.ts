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
  /** So many are there, or are being fetched, when there are as many. */
  let wanted = 0

  async function load(have: T[], least: number): Promise<void> {
    running.abort()
    const mine = (running = new AbortController())
    wanted = least
    busy.value = true
    failure.value = null
    try {
      let page: Page<T>
      let all = have
      do {
        page = await fetch(all, mine.signal)
        all = [...all, ...page.items]
      } while (page.more && page.items.length > 0 && all.length < least)
      items.value = all
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
    pause = setTimeout(() => void load([], 0), PAUSE_MS)
  })
  onScopeDispose(() => {
    clearTimeout(pause)
    running.abort()
  })
  void load([], 0)

  return {
    items,
    more,
    busy,
    known,
    failure,
    // Nobody loses the place: as many as there were, and what was just asked for.
    reload: () => load([], Math.max(wanted, items.value.length)),
    loadMore: () => load(items.value, items.value.length + 1),
    replace: (old, next) => (items.value = items.value.map((each) => (each === old ? next : each))),
  }
}
