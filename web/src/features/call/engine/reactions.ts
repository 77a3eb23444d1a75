import { shallowRef } from 'vue'
import type { Reaction } from './types'

/** So long they are shown. */
const SHOWN_MS = 6_000
const MOST = 30

/** Reactions of the last few seconds. */
export class Reactions {
  readonly now = shallowRef<readonly Reaction[]>([])
  private count = 0

  readonly add = ({ person, emoji }: { person: string; emoji: string }): void => {
    const id = ++this.count
    this.now.value = [...this.now.value, { id, person, emoji, at: performance.now() }].slice(-MOST)
    setTimeout(() => (this.now.value = this.now.value.filter((each) => each.id !== id)), SHOWN_MS)
  }

  clear(): void {
    this.now.value = []
  }
}
