import { call } from './call'
import { chat } from './chat'
import type { Feature } from './feature'
import { files } from './files'
import { floor } from './floor'
import { people } from './people'
import { polls } from './polls'
import { study } from './study'

/** The explicit list of activities, in the order in which the frame shows them. */
export const features: Feature[] = [study, floor, call, polls, files, chat, people]
