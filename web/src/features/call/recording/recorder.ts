import { effectScope, shallowReactive, watch, type EffectScope } from 'vue'
import { useRoom } from '@/core/room'
import { Refused } from '@/core/refused'
import { tell, tellError } from '@/design/toasts'
import { bringToFront } from '../../feature'
import { useCall } from '../engine'
import { useSight } from '../sight'
import { Composer } from './composer'
import { formatHere } from './may'
import { Mixer } from './mixer'
import { placesOf } from './paint'
import { piecesNow } from './pieces'
import { GrowingUpload } from './upload'

/** So often what was recorded goes to the server: a page that dies loses little more than that. */
const SLICE_MS = 1_000
/** So often there is a picture that can be jumped to. */
const KEY_MS = 2_000
const BITS = { videoBitsPerSecond: 2_000_000, audioBitsPerSecond: 96_000 }

type State = 'off' | 'starting' | 'on' | 'ending'
/** What this page records. */
export const own = shallowReactive<{ state: State; id: string | null }>({ state: 'off', id: null })
let running: Recording | null = null

function nameNow(ending: string): string {
  const now = new Date()
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-')
  return `Recording ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${ending}`
}

const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** One recording of this page, from its first picture to its file. */
class Recording {
  private readonly scope: EffectScope = effectScope(true)
  private readonly composer = new Composer(piecesNow)
  private readonly mixer = new Mixer(useCall())
  private readonly recorder: MediaRecorder
  private stopping = false

  constructor(
    private readonly upload: GrowingUpload,
    private readonly id: string,
    type: string,
  ) {
    const options = { mimeType: type, ...BITS, videoKeyFrameIntervalDuration: KEY_MS }
    const both = new MediaStream([this.composer.track, this.mixer.track])
    this.recorder = new MediaRecorder(both, options)
    this.recorder.ondataavailable = ({ data }) => upload.add(data)
    this.recorder.onerror = () => void this.stop('The browser has stopped recording.')
    upload.onOver = (why) => void this.stop(`The recording has ended. ${why}`)
    this.scope.run(() => this.follow())
    window.addEventListener('beforeunload', warn)
    this.recorder.start(SLICE_MS)
  }

  /** What changes in the call while it runs. */
  private follow(): void {
    const [room, call, sight] = [useRoom(), useCall(), useSight()]
    // Others send their pictures as large as they are recorded, whatever this window shows.
    const places = () => {
      const pieces = piecesNow()
      const at = placesOf(pieces)
      return pieces.flatMap(({ id, own: mine, seat, kind }) => {
        const box = at.get(id)
        return mine || !box ? [] : [{ seat, what: kind, width: box.width, height: box.height }]
      })
    }
    watch(places, (now) => sight(now), { immediate: true })
    watch(
      () => [
        call.own.microphone.stream,
        call.own.microphone.on,
        call.own.screen.stream,
        call.own.screenSound,
      ],
      () => this.mixer.mix(),
    )
    // Who was away has their place again: this page still records.
    watch(
      () => [call.phase, call.seat] as const,
      ([phase]) => {
        if (phase === 'in') void room.send('call.record', { file: this.upload.file }).catch(() => undefined)
      },
    )
    watch(
      () => room.state.call?.recordings.some(({ id }) => id === this.id),
      (runs) => !runs && void this.stop(),
    )
  }

  /** Ends it, and waits until it is a file. `why` when it was not by a press here. */
  async stop(why?: string): Promise<void> {
    if (this.stopping) return
    this.stopping = true
    own.state = 'ending'
    if (why) tell(why, { look: 'bad' })
    const room = useRoom()
    room.send('call.stop_recording', { recording: this.id }).catch(() => undefined)
    await this.silence()
    const done = await this.upload.end()
    window.removeEventListener('beforeunload', warn)
    if (running === this) {
      running = null
      Object.assign(own, { state: 'off', id: null })
    }
    if (done && !why)
      tell('The recording is among the files.', {
        look: 'good',
        action: { label: 'Show', run: () => bringToFront('files') },
      })
  }

  /** The recorder gives what it still has, then all of it lets go of the call. */
  private async silence(): Promise<void> {
    if (this.recorder.state !== 'inactive')
      await new Promise<void>((done) => {
        this.recorder.onstop = () => done()
        this.recorder.stop()
      })
    this.scope.stop()
    this.composer.stop()
    this.mixer.stop()
  }
}

/** Records from now on; everyone is told before the first picture. */
export async function record(): Promise<void> {
  const room = useRoom()
  const format = formatHere()
  if (own.state !== 'off' || !format) return
  own.state = 'starting'
  let upload: GrowingUpload | null = null
  try {
    upload = await GrowingUpload.begin(room.state.rooms?.room.link ?? '', nameNow(format.ending))
    const { recording } = await room.send('call.record', { file: upload.file })
    own.id = recording.id
    running = new Recording(upload, recording.id, format.type)
    own.state = 'on'
  } catch (error) {
    void upload?.drop()
    if (own.id) room.send('call.stop_recording', { recording: own.id }).catch(() => undefined)
    Object.assign(own, { state: 'off', id: null })
    tellError(
      error instanceof Refused ? error : new Refused('internal', 'This browser cannot record the call.'),
    )
  }
}

export const stop = (): void => void running?.stop()
