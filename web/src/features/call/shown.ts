import { shallowRef } from 'vue'

/** Whether those who wait at the door are shown over the call: then nothing else need tell of them. */
export const knocksShown = shallowRef(false)
