import type { Folds } from '@/core/fold'
import { call } from './call/state'
import { chat } from './chat/state'
import { files } from './files/state'
import { floor } from './floor/state'
import { people } from './people/state'
import { polls } from './polls/state'
import { rooms } from './rooms/state'
import { study } from './study/state'
import { voice } from './voice/state'

/** How each feature's state follows the events. A feature is one line here. */
export const folds: Folds = {
  rooms,
  people,
  chat,
  call,
  floor,
  voice,
  polls,
  files,
  study,
}
