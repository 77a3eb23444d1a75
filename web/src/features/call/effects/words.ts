import type { BackgroundHealth, QuietState } from './types'

export interface Said {
  readonly look: 'info' | 'warn'
  readonly text: string
  /** Worth a button that switches it off. */
  readonly off: boolean
}

/** What there is to say about a background; null: it does what it should. */
export function saidOfBackground({ state }: BackgroundHealth): Said | null {
  switch (state) {
    case 'loading':
      return {
        look: 'info',
        text: 'The background is being prepared. Until then your room is hidden.',
        off: false,
      }
    case 'reduced':
      return {
        look: 'info',
        text: 'This device is busy. Your picture is smaller or less smooth for now, so that the call does not suffer.',
        off: false,
      }
    case 'struggling':
      return {
        look: 'warn',
        text: 'This device is too slow for a background: your picture moves in steps. Without it the call runs better.',
        off: true,
      }
    case 'failed':
      return {
        look: 'warn',
        text: 'The background does not run in this browser. You stay hidden until you switch it off.',
        off: true,
      }
    default:
      return null
  }
}

export function saidOfQuiet(state: QuietState): Said | null {
  if (state !== 'failed') return null
  const text = 'The noise filter does not run here. What your browser does against noise goes on.'
  return { look: 'info', text, off: false }
}
