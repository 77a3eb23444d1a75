import { inject, ref, shallowRef, type Component, type InjectionKey, type Ref } from 'vue'
import type { PeoplePerson } from '@/contract'
import type { MenuEntry } from '@/design/menu'

type Loader = () => Promise<{ default: Component }>

/**
 * What an activity shows on the big screen. The stage is the middle, which parts share from top to bottom; beside it are
 * the ways in; the head is the line above, for something small. Nothing in a part can be pressed.
 */
export interface ScreenPart {
  place: 'head' | 'stage' | 'beside'
  panel: Loader
  /** Whether there is something to show now; left out: always. Read inside a computed. */
  shown?: () => boolean
  /** Whether it gives the stage to others that do not wait: it says what may come, not what is. */
  waits?: () => boolean
}

/** What a host does on the big screen with a key. Not a letter or digit: those may be spoken to the computer as text. */
export interface ScreenKey {
  /** As the browser calls it. */
  keys: string[]
  /** How the line of help calls them. */
  sign: string
  does: string
  run: () => void
}

/**
 * Something of an activity that stands in the room's chat, among the messages. While nothing of it changes it is the same
 * object, so that it is not drawn again.
 */
export interface ChatEntry {
  /** Within the activity; the same while it comes and when it is there. */
  id: string
  author: string
  /** What the author was called then. */
  name: string
  /** When it came, by the server's clock. */
  at: number
  /** On its way, or cut off: it stands at the end. */
  pending: boolean
  /** What it is called, for those who have the chat read out. */
  label: string
}

/** What an activity brings into the room's chat. Loaded with the chat's panel. */
export interface ChatPart {
  /** Everything that stands there, the oldest first. Read inside a computed. */
  entries: () => readonly ChatEntry[]
  /** Draws an entry: `entry`, `active` while its tools are wanted, `own`, `head` and `tail` as for messages. */
  entry: Component
  /** The newest was looked at. */
  seen: () => void
  /** Lies over the panel: takes what is dropped and pasted `on` it, unless it is `closed` for a reason; emits `took`. There also while the activity is off. */
  over: Component
  /** Above the field in which one writes: what goes with the next message. Emits `back` when the field should have the focus. */
  tray: Component
  /** Beside that field: ways to take something along; `tight` while there is little room. Emits `took`. */
  take: Component
  /** How much is taken along. Read inside a computed. */
  taken: () => number
  /** Sends what is taken along, after the message. */
  send: () => void
}

/** One activity of a room, as the room's frame shows it. Its code is loaded when it is first opened. */
export interface Feature {
  /** The name the server knows it by. */
  id: string
  title: string
  /** A lucide icon component, imported by its own name. */
  icon: Component
  /** Where it stands on wide screens; on phones each feature is a tab. With nothing in the main place, the first of the side moves there. */
  place: 'main' | 'side'
  /** Hosts cannot switch it off. */
  always?: boolean
  panel: Loader
  /** What hosts may set about it: a section of the room's settings. */
  settings?: Loader
  /** What it shows over the room, whatever is in front; there for as long as the activity is on. */
  over?: Loader[]
  /** What it shows on the big screen, and the keys that it takes there. */
  screen?: { parts: ScreenPart[]; keys?: ScreenKey[] }
  /** What waits for the person here: shown as a number on the tab. Read inside a computed. */
  badge?: () => number
  /** What it brings into the room's chat, and how much of that is new to the person. Read inside a computed. */
  inChat?: { part: () => Promise<{ default: ChatPart }>; unread: () => number }
  /** What it adds to the menu of another person. */
  personMenu?: (person: PeoplePerson) => MenuEntry[]
}

/** Which activity is asked to come to the front; the frame does it, wherever the activity stands. */
export const wantedInFront = shallowRef<{ id: string } | null>(null)
export function bringToFront(id: string): void {
  wantedInFront.value = { id }
}

/** Something fills the whole screen, and the room's frame behind it is out of reach. */
export const covered = shallowRef(false)

/** Whether a panel can be seen now: panels stay in the page when another tab is in front of them. */
export const panelShown: InjectionKey<Readonly<Ref<boolean>>> = Symbol('panel shown')
export const usePanelShown = (): Readonly<Ref<boolean>> => inject(panelShown, ref(true))
