import type { Preset, Theme } from '@/core/api'

/** How the page speaks of the four kinds of room: what kind of company it is, and who may speak. */
export const PRESETS: { id: Preset; title: string; sentence: string }[] = [
  {
    id: 'stage',
    title: 'Stage',
    sentence: 'One host, many listeners. People come in as audience, and you decide who writes.',
  },
  {
    id: 'meeting',
    title: 'Meeting',
    sentence: 'Everyone around one table. Whoever comes in can speak up right away.',
  },
  {
    id: 'study',
    title: 'Study',
    sentence: 'Side by side, each with their own work. A quiet room that keeps you company.',
  },
  {
    id: 'drop',
    title: 'Drop',
    sentence: 'Pass files and texts between devices. Close it, and nothing of them stays.',
  },
]

export const presetTitle = (preset: Preset): string =>
  PRESETS.find((known) => known.id === preset)?.title ?? 'Room'

export const THEMES: { id: Theme; title: string }[] = [
  { id: 'linen', title: 'Linen' },
  { id: 'ember', title: 'Ember' },
  { id: 'moss', title: 'Moss' },
  { id: 'tide', title: 'Tide' },
  { id: 'dusk', title: 'Dusk' },
  { id: 'rose', title: 'Rose' },
  { id: 'slate', title: 'Slate' },
  { id: 'honey', title: 'Honey' },
]
