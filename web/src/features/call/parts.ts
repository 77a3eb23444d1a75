import { defineAsyncComponent } from 'vue'

/** Parts with code of their own, loaded when they are first shown. */
export const EffectsPanel = defineAsyncComponent(() => import('./effects/EffectsPanel.vue'))
export const RecordButton = defineAsyncComponent(() => import('./recording/RecordButton.vue'))
export const RecordingMark = defineAsyncComponent(() => import('./recording/RecordingMark.vue'))
