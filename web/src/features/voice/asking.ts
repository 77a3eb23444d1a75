import { ref } from 'vue'

/** Somebody has just asked to speak, by a tap: the microphone is tried with the request that they get. */
export const justAsked = ref(false)

/** So many requests to speak of this person can be seen now, each with what there is to say about it. */
export const ownSeen = ref(0)
