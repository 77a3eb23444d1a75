import { defineAsyncComponent, type Component } from 'vue'

type Loaders = Record<string, () => Promise<{ default: Component }>>
/** Parts with code of their own, loaded when they are first shown. */
const only = (found: Loaders): Component | null => {
  const [loader] = Object.values(found)
  return loader ? defineAsyncComponent(loader) : null
}
export const EffectsPanel = only(import.meta.glob('./effects/EffectsPanel.vue') as Loaders)
export const RecordButton = only(import.meta.glob('./recording/RecordButton.vue') as Loaders)
export const RecordingMark = only(import.meta.glob('./recording/RecordingMark.vue') as Loaders)
