import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { takeNewPage } from './new-page'

const reload = vi.fn()
const answers = vi.fn<() => Promise<{ ok: boolean }>>()

beforeEach(() => {
  sessionStorage.clear()
  reload.mockClear()
  vi.stubGlobal('fetch', answers)
  vi.spyOn(location, 'reload').mockImplementation(reload)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('[R4] a page is taken anew when the server answers, and not in circles', async () => {
  answers.mockResolvedValue({ ok: true })
  expect(await takeNewPage()).toBe(true)
  expect(await takeNewPage()).toBe(false)
  expect(reload).toHaveBeenCalledTimes(1)
})

it('[R4] without network, or where the server cannot answer, the page stays', async () => {
  answers.mockRejectedValueOnce(new TypeError('no network'))
  expect(await takeNewPage()).toBe(false)
  answers.mockResolvedValueOnce({ ok: false })
  expect(await takeNewPage()).toBe(false)
  expect(reload).not.toHaveBeenCalled()
  answers.mockResolvedValueOnce({ ok: true })
  expect(await takeNewPage()).toBe(true)
})

it('[R4] a page that is being left is not taken anew, unless it stays', async () => {
  vi.useFakeTimers()
  try {
    answers.mockResolvedValue({ ok: true })
    window.dispatchEvent(new Event('beforeunload'))
    const taken = takeNewPage()
    await vi.advanceTimersByTimeAsync(9_000)
    expect(reload).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await taken).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})
