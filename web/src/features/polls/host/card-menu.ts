import {
  ArrowDown,
  ArrowUp,
  ChartNoAxesColumn,
  Copy,
  Download,
  Eraser,
  FileSpreadsheet,
  LayoutTemplate,
  MonitorOff,
  MonitorUp,
  Repeat,
  Trash2,
  UsersRound,
} from '@lucide/vue'
import type { PollsHostPoll, PollsPoll } from '@/contract'
import { useRoom } from '@/core/room'
import type { MenuEntry } from '@/design/menu'
import { usePollHosting } from './actions'
import { pollsFile, saveFile } from './files'
import { isBlank } from './question'

interface Doing {
  first: boolean
  last: boolean
  up: () => void
  down: () => void
  edit: (poll: string) => void
  ballots: () => void
  /** Null while there are no totals. */
  picture: (() => void) | null
}

/** What else a host may do with a poll, by where it stands in its life. `said` is what everyone knows of it. */
export function menuOf(poll: PollsHostPoll, said: PollsPoll | undefined, doing: Doing): MenuEntry[][] {
  const room = useRoom()
  const hosting = usePollHosting()
  const save = (ending: 'csv' | 'xlsx' | 'json' | 'votes') =>
    void saveFile(pollsFile(room.state.rooms?.room.link ?? '', ending, poll.id))

  async function copied(made: Promise<string | null>): Promise<void> {
    const id = await made
    if (id) doing.edit(id)
  }

  const results: MenuEntry[] =
    said === undefined
      ? []
      : [
          ...(said.question.anonymous
            ? []
            : [{ label: 'Who voted how', icon: UsersRound, run: doing.ballots }]),
          { label: 'Save totals as CSV', icon: Download, run: () => save('csv') },
          ...(said.question.anonymous
            ? []
            : [{ label: 'Save votes as CSV', icon: Download, run: () => save('votes') }]),
          { label: 'Save for Excel', icon: FileSpreadsheet, run: () => save('xlsx') },
          {
            label: 'Save the chart (PNG)',
            icon: ChartNoAxesColumn,
            disabled: !doing.picture,
            run: () => doing.picture?.(),
          },
        ]
  const isUndone = poll.state === 'draft' && poll.round === 1
  const again: MenuEntry = { label: 'Run again', icon: Repeat, run: () => void copied(hosting.again(poll)) }
  const screen: MenuEntry | null = said
    ? {
        label: said.projected ? 'Take off the big screen' : 'Put on the big screen',
        icon: said.projected ? MonitorOff : MonitorUp,
        run: () => void hosting.project(poll, !said.projected),
      }
    : null
  return [
    screen ? [screen, ...results] : [],
    [
      ...(poll.state === 'closed' ? [again] : []),
      { label: 'Duplicate', icon: Copy, run: () => void copied(hosting.duplicate(poll)) },
      {
        label: 'Keep as a template',
        icon: LayoutTemplate,
        disabled: isBlank(poll.question),
        run: () => void hosting.keepTemplate(poll),
      },
      { label: 'Save as JSON', icon: Download, run: () => save('json') },
    ],
    [
      { label: 'Move up', icon: ArrowUp, disabled: doing.first, run: doing.up },
      { label: 'Move down', icon: ArrowDown, disabled: doing.last, run: doing.down },
    ],
    [
      ...(poll.state === 'draft'
        ? []
        : [
            {
              label: 'Throw the votes away…',
              icon: Eraser,
              danger: true,
              run: () => void hosting.reset(poll),
            },
          ]),
      {
        label: isUndone ? 'Delete' : 'Delete…',
        icon: Trash2,
        danger: true,
        run: () => void hosting.remove(poll),
      },
    ],
  ].filter((group) => group.length > 0)
}
