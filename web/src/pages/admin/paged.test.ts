import { effectScope, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { usePaged, type Page } from './paged'

let scope: EffectScope
beforeEach(() => (scope = effectScope()))
afterEach(() => scope.stop())

/** A list of `total` numbers in pages of ten, answered when the test says so. */
function listOf(total: number) {
  const asked: (() => void)[] = []
  const wish = ref('')
  const fetch = (have: number[], signal: AbortSignal) =>
    new Promise<Page<number>>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
      asked.push(() => {
        const items = Array.from({ length: Math.min(10, total - have.length) }, (_, at) => have.length + at)
        resolve({ items, more: have.length + items.length < total })
      })
    })
  const paged = scope.run(() => usePaged(wish, fetch))!
  async function answer(): Promise<void> {
    asked.pop()!()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { paged, answer, wish, asked }
}

describe('a list in pages', () => {
  it('[P6] comes page by page', async () => {
    const { paged, answer } = listOf(13)
    expect(paged.known.value).toBe(false)
    await answer()
    expect(paged.items.value).toHaveLength(10)
    void paged.loadMore()
    await answer()
    expect(paged.items.value).toHaveLength(13)
    expect(paged.more.value).toBe(false)
    expect(paged.busy.value).toBe(false)
  })

  it('[P6] keeps its length when it is asked for again', async () => {
    const { paged, answer } = listOf(33)
    await answer()
    void paged.loadMore()
    await answer()
    void paged.reload()
    await answer()
    expect(paged.busy.value).toBe(true)
    await answer()
    expect(paged.items.value).toHaveLength(20)
    expect(paged.busy.value).toBe(false)
  })

  it('[P6] does not forget what was just asked for', async () => {
    const { paged, answer } = listOf(13)
    await answer()
    void paged.loadMore()
    void paged.reload()
    await answer()
    await answer()
    expect(paged.items.value).toHaveLength(13)
  })

  it('[P6] begins anew with another wish', async () => {
    vi.useFakeTimers()
    const { paged, answer, wish, asked } = listOf(33)
    asked.pop()!()
    await vi.advanceTimersByTimeAsync(0)
    void paged.loadMore()
    asked.pop()!()
    await vi.advanceTimersByTimeAsync(0)
    expect(paged.items.value).toHaveLength(20)
    wish.value = 'other'
    await vi.advanceTimersByTimeAsync(300)
    vi.useRealTimers()
    await answer()
    expect(paged.items.value).toHaveLength(10)
  })
})
