import { ref } from 'vue'

/** Whether the polls can be seen now: then nobody needs to be told that one has opened. */
export const pollsInFront = ref(false)
