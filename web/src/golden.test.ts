// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Snapshots } from '@/contract'
import { applyAll, normaliseAll } from '@/core/fold'
import { OrderedLog } from '@/core/log'
import type { Seqs, WireEvent } from '@/core/wire'
import { folds } from '@/features/folds'

/** What the server's tests write for each command: a snapshot, what came after it, and a fresh snapshot. */
interface Golden {
  name: string
  features: string[]
  me: string
  before: State
  then: ({ event: WireEvent } | { snapshot: State })[]
  after: State
}

interface State {
  features: Snapshots
  seqs: Seqs
}

const folder = fileURLToPath(new URL('../../tests/golden', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

function replay(golden: Golden): State {
  const log = new OrderedLog<WireEvent>()
  let state = golden.before.features
  const take = (due: WireEvent[]) => {
    for (const event of due) state = applyAll(folds, state, event, golden.me)
  }
  take(log.begin(golden.before.seqs))
  for (const step of golden.then) {
    if ('event' in step) take(log.push(step.event))
    else {
      state = step.snapshot.features
      take(log.begin(step.snapshot.seqs))
    }
  }
  return { features: normaliseAll(folds, state), seqs: log.seqs ?? {} }
}

describe('old snapshot + events = fresh snapshot', () => {
  it('there are golden files', () => expect(files.length).toBeGreaterThan(0))

  for (const file of files) {
    const golden = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Golden
    const ids = golden.features.map((id) => `[${id}]`).join(' ')
    it(`${ids} ${golden.name}`, () => {
      const after = { ...golden.after, features: normaliseAll(folds, golden.after.features) }
      expect(replay(golden)).toEqual(after)
    })
  }
})
