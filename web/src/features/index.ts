import type { Feature } from './feature'

/** The explicit list of activities, in the order in which the frame shows them. */
export const features: Feature[] = []
