import type { Component } from 'vue'

/** One activity of a room, as the room's frame shows it. Its code is loaded when it is first opened. */
export interface Feature {
  id: string
  title: string
  /** A lucide icon component, imported by its own name. */
  icon: Component
  /** Where it stands on wide screens; on phones each feature is a tab. */
  place: 'main' | 'side'
  panel: () => Promise<{ default: Component }>
  /** What waits for the person here: shown as a number on the tab. Read inside a computed. */
  badge?: () => number
}
