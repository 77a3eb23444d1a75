import { Circle, CircleStop } from '@lucide/vue'
import type { MenuEntry } from '@/design/menu'
import { toggle } from './asking'
import { useMayRecord } from './may'
import { own } from './recorder'

/** Where there is no place for the button. */
export function recordEntries(): MenuEntry[] {
  if (own.state === 'on') return [{ label: 'Stop recording', icon: CircleStop, run: () => void toggle() }]
  if (!useMayRecord().value) return []
  return [{ label: 'Record the call', icon: Circle, disabled: own.state !== 'off', run: () => void toggle() }]
}
