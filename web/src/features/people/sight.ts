import { shallowRef } from 'vue'

/** Whether the list of people can be seen, with those who wait at the door above it. */
export const peopleInSight = shallowRef(false)
