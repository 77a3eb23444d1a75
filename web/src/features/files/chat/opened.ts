import { ref } from 'vue'

/** The file that is being looked at: its dialog is not in the list, whose rows come and go. */
export const opened = ref<string | null>(null)
/** A file that a reload has cut off is to be chosen again. */
export const choosingAgain = ref(false)
