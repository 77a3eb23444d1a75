/** What can stand behind somebody: their own room softened, a drawn one, or a picture of their own. */
export const SCENES = ['linen', 'shelves', 'evening', 'meadow', 'lamp'] as const
export type Scene = (typeof SCENES)[number]
export type Background = 'none' | 'soft' | 'strong' | 'own' | Scene

const BACKGROUNDS: readonly string[] = ['none', 'soft', 'strong', 'own', ...SCENES]
export const isBackground = (value: unknown): value is Background => BACKGROUNDS.includes(value as string)
export const isScene = (value: Background): value is Scene => SCENES.includes(value as Scene)

/**
 * How a background keeps up:
 * - `loading`: its files are on their way; meanwhile nothing of the room is shown.
 * - `full`: at the camera's size and rate.
 * - `reduced`: smaller or less often, so that the call does not suffer.
 * - `struggling`: too slow even so; the person is offered to switch it off.
 * - `failed`: it does not run in this browser, or has stopped. Nothing of the room is shown: the picture stands in for it.
 */
export type BackgroundState = 'off' | 'loading' | 'full' | 'reduced' | 'struggling' | 'failed'

export interface BackgroundHealth {
  readonly state: BackgroundState
  /** What goes out: pictures a second, and how high they are. */
  readonly rate: number
  readonly height: number
}

/** `failed`: the browser's own suppression is what there is. */
export type QuietState = 'off' | 'loading' | 'on' | 'failed'
