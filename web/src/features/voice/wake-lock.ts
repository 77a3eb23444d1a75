import { onScopeDispose, watch, type Ref } from 'vue'

/** Keeps the screen awake while it is on, where browsers can. They let go when the page is hidden: it is taken again then. */
export function useWakeLock(on: Ref<boolean>): void {
  let lock: WakeLockSentinel | undefined
  let asked = 0

  async function take(): Promise<void> {
    const mine = ++asked
    const { wakeLock } = navigator as { wakeLock?: WakeLock }
    if (!wakeLock || document.visibilityState !== 'visible') return
    try {
      const got = await wakeLock.request('screen')
      if (mine !== asked || !on.value) return void got.release()
      lock = got
    } catch {
      // A phone that saves its battery refuses: the call goes on, and the person touches the screen now and then.
    }
  }
  function free(): void {
    asked += 1
    void lock?.release()
    lock = undefined
  }
  const seen = () => {
    if (on.value && document.visibilityState === 'visible') void take()
  }
  document.addEventListener('visibilitychange', seen)
  watch(on, (now) => (now ? void take() : free()), { immediate: true })
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', seen)
    free()
  })
}
