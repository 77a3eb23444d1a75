import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { ApiError } from '@/core/api'
import { usePaged, type Page } from './paged'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Asked {
  have: number[]
  answer: (page: Page<number>) => void
  fail: (error: Error) => void
}

function list() {
  const wish = ref('')
  const asked: Asked[] = []
  const scope = effectScope()
  const paged = scope.run(() =>
    usePaged<number>(
      wish,
      (have, signal) =>
        new Promise((answer, fail) => {
          signal.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')))
          asked.push({ have, answer, fail })
        }),
    ),
  )
  if (!paged) throw new Error('no scope')
  return { wish, asked, paged, scope }
}
const settle = () => vi.advanceTimersByTimeAsync(0)

it('adds one page to the other', async () => {
  const { asked, paged } = list()
  asked[0]?.answer({ items: [1, 2], more: true })
  await settle()
  void paged.loadMore()
  expect(asked[1]?.have).toEqual([1, 2])
  asked[1]?.answer({ items: [3], more: false })
  await settle()
  expect([paged.items.value, paged.more.value, paged.busy.value]).toEqual([[1, 2, 3], false, false])
})

it('asks once somebody has stopped typing, and drops what came too late', async () => {
  const { wish, asked, paged } = list()
  for (const text of ['a', 'an', 'ana']) {
    wish.value = text
    await nextTick()
  }
  expect(asked.length).toBe(1)
  await vi.advanceTimersByTimeAsync(300)
  expect(asked.length).toBe(2)
  asked[1]?.answer({ items: [7], more: false })
  asked[0]?.answer({ items: [1], more: true })
  await settle()
  expect(paged.items.value).toEqual([7])
})

it('keeps what is there when the next page fails, and says why', async () => {
  const { asked, paged } = list()
  asked[0]?.answer({ items: [1], more: true })
  await settle()
  void paged.loadMore()
  asked[1]?.fail(new ApiError('unreachable', 'Try again.'))
  await settle()
  expect([paged.items.value, paged.failure.value?.message]).toEqual([[1], 'Try again.'])
})
