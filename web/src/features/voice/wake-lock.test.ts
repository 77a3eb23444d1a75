import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useWakeLock } from './wake-lock'

let visibility: DocumentVisibilityState
let release: ReturnType<typeof vi.fn>
let request: ReturnType<typeof vi.fn>

beforeEach(() => {
  visibility = 'visible'
  release = vi.fn(() => Promise.resolve())
  request = vi.fn(() => Promise.resolve({ release }))
  vi.stubGlobal('navigator', { wakeLock: { request } })
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})
const look = async (now: DocumentVisibilityState) => {
  visibility = now
  document.dispatchEvent(new Event('visibilitychange'))
  await nextTick()
}

it('[F8] keeps the screen awake while one speaks, also after the page was hidden', async () => {
  const on = ref(false)
  const scope = effectScope()
  scope.run(() => useWakeLock(on))
  expect(request).not.toHaveBeenCalled()
  on.value = true
  await nextTick()
  expect(request).toHaveBeenCalledTimes(1)
  // The browser has let go by itself.
  await look('hidden')
  await look('visible')
  expect(request).toHaveBeenCalledTimes(2)
  on.value = false
  await nextTick()
  expect(release).toHaveBeenCalledTimes(1)
  await look('hidden')
  await look('visible')
  expect(request).toHaveBeenCalledTimes(2)
  scope.stop()
})

it('[F8] lets go of one that comes too late, and goes on without any', async () => {
  let give: (lock: { release: typeof release }) => void = () => undefined
  request.mockImplementationOnce(() => new Promise((resolve) => (give = resolve)))
  const on = ref(true)
  const scope = effectScope()
  scope.run(() => useWakeLock(on))
  on.value = false
  await nextTick()
  give({ release })
  await nextTick()
  await nextTick()
  expect(release).toHaveBeenCalledTimes(1)
  request.mockRejectedValueOnce(new DOMException('', 'NotAllowedError'))
  on.value = true
  await nextTick()
  vi.stubGlobal('navigator', {})
  await look('visible')
  scope.stop()
})
