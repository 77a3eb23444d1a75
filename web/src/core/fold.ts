import type { Snapshots } from '@/contract'
import type { WireEvent } from './wire'

export type FeatureName = keyof Snapshots

/**
 * How one feature's snapshot changes with an event. It gives back the same object when nothing changed and a new one
 * when something did; parts that did not change stay the same objects, so that only what changed is drawn again.
 */
export type Apply<State> = (state: State, event: WireEvent, me: string) => State

export interface Fold<State> {
  apply: Apply<State>
  /** What a fresh snapshot would hold of a state that may know more. */
  normalise: (state: State) => State
}

export type Folds = { [F in FeatureName]: Fold<Snapshots[F]> }

/** Folds one event into all features. */
export function applyAll(folds: Folds, state: Snapshots, event: WireEvent, me: string): Snapshots {
  const next: Record<string, unknown> = {}
  let changed = false
  for (const name of Object.keys(folds) as FeatureName[]) {
    const before = state[name]
    const after = (folds[name].apply as Apply<unknown>)(before, event, me)
    next[name] = after
    if (after !== before) changed = true
  }
  return changed ? (next as unknown as Snapshots) : state
}

export function normaliseAll(folds: Folds, state: Snapshots): Snapshots {
  const next: Record<string, unknown> = {}
  for (const name of Object.keys(folds) as FeatureName[]) {
    next[name] = (folds[name].normalise as (one: unknown) => unknown)(state[name])
  }
  return next as unknown as Snapshots
}
