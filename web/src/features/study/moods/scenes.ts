import { dawn } from './dawn'
import type { Scene } from './draw'
import { dunes } from './dunes'
import { forest } from './forest'
import { hearth } from './hearth'
import { night } from './night'
import { rain } from './rain'
import { sea } from './sea'
import { snow } from './snow'

/** Each picture is drawn for the day and for the night. */
export const SCENES = { dawn, forest, rain, night, sea, dunes, snow, hearth } satisfies Record<
  string,
  (dark: boolean) => Scene
>
