import type { CallSettings } from '@/contract'

export const THOSE: { value: CallSettings['share']; label: string }[] = [
  { value: 'everyone', label: 'Everyone' },
  { value: 'hosts', label: 'Hosts' },
]
export const PICTURES: { value: CallSettings['pictures']; label: string; hint: string }[] = [
  { value: 'auto', label: 'As each one needs', hint: 'As large as they are shown, and as the line carries.' },
  { value: 'high', label: 'Large', hint: 'Up to 1280×720. For few people with good lines.' },
  { value: 'low', label: 'Small', hint: 'Up to 640×360, fifteen a second. For many people or narrow lines.' },
  { value: 'smallest', label: 'Smallest', hint: '160×90, eight a second. When nothing else gets through.' },
]
const LEAST = 2
const MOST = 8
export const PLACES = Array.from({ length: MOST - LEAST + 1 }, (_none, at) => ({
  value: LEAST + at,
  label: `${LEAST + at}`,
}))
