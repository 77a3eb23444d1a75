import { ref } from 'vue'

/** Somebody has just asked to speak, by a tap: the microphone is tried with the request that they get. */
export const justAsked = ref(false)
