import { Download, FileJson, FileSpreadsheet, LayoutTemplate, Trophy } from '@lucide/vue'
import type { MenuEntry } from '@/design/menu'
import { pollsFile, saveFile } from './files'

interface Doing {
  none: boolean
  noResults: boolean
  open: (dialog: 'templates' | 'import' | 'leaders') => void
}

/** What can be done with all polls of a room. */
export function listMenu(link: string, { none, noResults, open }: Doing): MenuEntry[][] {
  const save = (ending: 'csv' | 'xlsx' | 'json' | 'votes') => void saveFile(pollsFile(link, ending))
  return [
    [
      { label: 'Templates', icon: LayoutTemplate, run: () => open('templates') },
      { label: 'Questions from JSON', icon: FileJson, run: () => open('import') },
      { label: 'Leaderboard', icon: Trophy, run: () => open('leaders') },
    ],
    [
      { label: 'Save questions as JSON', icon: Download, disabled: none, run: () => save('json') },
      { label: 'Save totals as CSV', icon: Download, disabled: noResults, run: () => save('csv') },
      { label: 'Save votes as CSV', icon: Download, disabled: noResults, run: () => save('votes') },
      { label: 'Save all for Excel', icon: FileSpreadsheet, disabled: noResults, run: () => save('xlsx') },
    ],
  ]
}
