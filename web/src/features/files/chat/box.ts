/** Pixels, of the larger pictures. */
const WIDEST = 320
const HIGHEST = 280
/** So that it can be pressed with a finger. */
const LEAST = 44
/** What is wider or taller than this is cut at its edges; pressed, it is shown whole. */
const RATIOS = [0.5, 2.5] as const

/** The place that a picture takes, known before it is loaded: nothing moves when it comes. */
export function boxOf(width: number | null, height: number | null): { width: number; ratio: number } {
  if (!width || !height) return { width: WIDEST * 0.75, ratio: 1 }
  const ratio = Math.min(RATIOS[1], Math.max(RATIOS[0], width / height))
  const fitting = Math.min(width, WIDEST, HIGHEST * ratio)
  return { width: Math.round(Math.max(fitting, LEAST, LEAST * ratio)), ratio }
}
