import type { FloorItem, FloorSnapshot } from '@/contract'

/** An item for tests. */
export const item = (number: number, more: Partial<FloorItem> = {}): FloorItem => ({
  id: `i${number}`,
  number,
  kind: 'text',
  body: `question ${number}`,
  person: `p${number}`,
  name: `Person ${number}`,
  at: number,
  votes: 0,
  pinned: false,
  taken_at: null,
  newcomer: true,
  place: number * 1024,
  ...more,
})

export const floorState = (more: Partial<FloorSnapshot> = {}): FloorSnapshot => ({
  settings: {
    min_words: 1,
    max_words: 20,
    open_items: 1,
    cooldown_seconds: 5,
    order: 'came',
    upvotes: true,
    approval: false,
    text: true,
    voice: true,
  },
  items: [],
  past: [],
  own: { waiting: [], voted: [], asked_at: 0 },
  hosts: null,
  ...more,
})
