import { onScopeDispose, shallowRef } from 'vue'
import { useCall } from './engine'

/** A picture of somebody, as large as it is shown somewhere. */
export interface Seen {
  seat: string
  what: 'camera' | 'screen'
  width: number
  height: number
}

/** Whether the panel of the call can be seen; else a strip shows it. */
export const panelInSight = shallowRef(false)

const views = new Map<symbol, readonly Seen[]>()
let told = new Map<string, Seen>()
const keyOf = ({ seat, what }: Seen) => `${what} ${seat}`

/** The largest of each, wherever it is shown: stage, strip and a window of its own may show the same person. */
export function largest(all: Iterable<readonly Seen[]>): Map<string, Seen> {
  const found = new Map<string, Seen>()
  for (const view of all)
    for (const seen of view) {
      const known = found.get(keyOf(seen))
      if (!known || known.width * known.height < seen.width * seen.height) found.set(keyOf(seen), seen)
    }
  return found
}

function tell(): void {
  const call = useCall()
  const now = largest(views.values())
  for (const [key, { seat, what, width, height }] of now) {
    const before = told.get(key)
    if (before?.width !== width || before.height !== height) call.setTileSize(seat, what, width, height, true)
  }
  for (const [key, { seat, what }] of told) if (!now.has(key)) call.setTileSize(seat, what, 0, 0, false)
  told = now
}

/** For a part of the page that shows people: what it shows now, each time that changes. What others send follows. */
export function useSight(): (seen: readonly Seen[]) => void {
  const view = Symbol('view')
  let frame = 0
  const soon = () => {
    cancelAnimationFrame(frame)
    // Behind another tab there are no frames, and a recording goes on.
    if (document.hidden) tell()
    else frame = requestAnimationFrame(tell)
  }
  onScopeDispose(() => {
    views.delete(view)
    soon()
  })
  return (seen) => {
    views.set(view, seen)
    soon()
  }
}
