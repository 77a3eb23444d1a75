import { watch, type Ref } from 'vue'
import { useCall } from './engine'

async function isGranted(name: string): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: name as PermissionName })
    return state === 'granted'
  } catch {
    // Browsers that do not tell.
    return false
  }
}

/**
 * Opens the devices for a look before the call, by itself only where that was allowed before: a question of the browser
 * comes when somebody has pressed something. Lets go of them when nobody looks.
 */
export function usePreview(looking: Ref<boolean>): void {
  const call = useCall()
  watch(
    looking,
    async (now, _before, onCleanup) => {
      let gone = false
      onCleanup(() => (gone = true))
      if (!now) return call.stopPreparing()
      const { microphone, camera } = call.own
      const wanted = [...(microphone.wanted ? ['microphone'] : []), ...(camera.wanted ? ['camera'] : [])]
      const granted = await Promise.all(wanted.map(isGranted))
      if (gone || wanted.length === 0 || !granted.every(Boolean) || call.phase !== 'idle') return
      await call.prepare()
    },
    { immediate: true },
  )
}
