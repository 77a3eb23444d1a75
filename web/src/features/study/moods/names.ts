/** The backgrounds, in the order in which they are offered. */
export const MOODS = [
  { id: 'dawn', title: 'Dawn' },
  { id: 'forest', title: 'Forest' },
  { id: 'rain', title: 'Rain' },
  { id: 'night', title: 'Night' },
  { id: 'sea', title: 'Sea' },
  { id: 'dunes', title: 'Dunes' },
  { id: 'snow', title: 'Snow' },
  { id: 'hearth', title: 'Hearth' },
] as const
export type MoodName = (typeof MOODS)[number]['id']
