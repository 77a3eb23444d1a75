import { MessageCircleQuestionMark, Mic } from '@lucide/vue'
import { defineAsyncComponent, type Component } from 'vue'
import type { FloorItem } from '@/contract'

/** One way to ask for the floor: what the person fills in, and how hosts switch it on and off. */
export interface AskKind {
  id: FloorItem['kind']
  label: string
  icon: Component
  /** The switch among the settings. */
  setting: string
  hint: string
  /** Asks by itself, and tells `asked`. */
  form: Component
  /** What stands with one's own one in the queue, besides where it is. Gets the item. */
  own?: Component
}

/** All of them, in the order in which they are offered. With one, the choice between them is not shown. */
export const askKinds: AskKind[] = [
  {
    id: 'text',
    label: 'Write',
    icon: MessageCircleQuestionMark,
    setting: 'Written questions',
    hint: 'People may write into the queue.',
    form: defineAsyncComponent(() => import('./AskText.vue')),
  },
  {
    id: 'voice',
    label: 'Speak',
    icon: Mic,
    setting: 'Requests to speak',
    hint: 'People may ask to be called up, and speak through their phones.',
    form: defineAsyncComponent(() => import('../voice/AskVoice.vue')),
    own: defineAsyncComponent(() => import('../voice/OwnVoice.vue')),
  },
]
