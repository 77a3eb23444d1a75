import { computed } from 'vue'
import { deviceName } from './device'

interface Agent {
  userAgent: string
  platform?: string
  maxTouchPoints?: number
}

const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android.*Mobile/, 'Android phone'],
  [/Android/, 'Android tablet'],
  [/CrOS/, 'Chromebook'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Windows/, 'Windows computer'],
  [/Linux|X11/, 'Linux computer'],
]

/** What a device is called as long as nobody has given it a name. */
export function usualName({ userAgent, maxTouchPoints = 0 }: Agent): string {
  // iPads say that they were Macs; no Mac has a touch screen.
  if (/Macintosh/.test(userAgent) && maxTouchPoints > 1) return 'iPad'
  return SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Device'
}

export const ownDevice = computed(() => deviceName.value.trim() || usualName(navigator))
