import { chat } from './chat'
import type { Feature } from './feature'
import { people } from './people'

/** The explicit list of activities, in the order in which the frame shows them. */
export const features: Feature[] = [chat, people]
