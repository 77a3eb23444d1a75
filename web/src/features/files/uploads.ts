import { shallowReactive } from 'vue'
import type { Picked } from './gather'
import { Pace } from './pace'
import type { Trouble } from './trouble'

/** For whom something is: everyone, or one person, perhaps on one of their devices. */
export interface Target {
  to: string | null
  device: string | null
  /** What the receiver is called on this page. */
  name: string
  /** It is said in the chat: it stands there among the messages. */
  chat?: boolean
}
export const EVERYONE: Target = { to: null, device: null, name: '' }
export const CHAT: Target = { ...EVERYONE, chat: true }

export type UploadState = 'queued' | 'sending' | 'waiting' | 'paused' | 'failed'

/** One file that is on its way from this page. */
export interface Upload {
  readonly key: number
  readonly name: string
  readonly folder: string
  readonly size: number
  readonly target: Target
  state: UploadState
  /** Bytes that the server has, as far as is known here. */
  sent: number
  /** Bytes a second. */
  speed: number
  /** The id of the file that it will be, when the server has given one. */
  file: string | null
  /** It goes on where it was before the page was loaded again. */
  resumed: boolean
  trouble: string
}

/** Brings the bytes of one file to the server. */
export interface Sender {
  start(): void
  /** Stops; with `forget` what has come is deleted. */
  stop(forget: boolean): Promise<void>
}
export interface Told {
  begun(file: string): void
  resumed(): void
  sent(bytes: number): void
  done(): void
  failed(trouble: Trouble): void
}
export type MakeSender = (picked: Picked, target: Target, told: Told) => Promise<Sender>

const AT_ONCE = 3
const PAUSES = [1_000, 2_000, 4_000, 8_000]
/** Without a byte for so long, the connection is taken for lost: some networks do not say so. */
const STALLED_MS = 20_000
/** When all bytes are sent the server hashes them, looks at them and puts them away, which takes its time for large ones. */
const FINISHING_MS = 10 * 60_000
const LOOK_MS = 4_000

interface Work {
  picked: Picked
  pace: Pace
  sender: Sender | null
  making: boolean
  tries: number
  movedAt: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** The uploads of this page: a few at a time, taken up again by themselves when the network was lost. */
export class Uploads {
  readonly items = shallowReactive<Upload[]>([])
  private readonly works = new Map<number, Work>()
  private lastKey = 0
  private watch: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly make: MakeSender,
    private readonly now: () => number = Date.now,
  ) {}

  /** `refuse` tells what is known to be wrong before a byte is sent. */
  add(
    all: Picked[],
    target: Target = EVERYONE,
    refuse: (picked: Picked) => Trouble | null = () => null,
  ): void {
    for (const picked of all) {
      const trouble = refuse(picked)
      const item = shallowReactive<Upload>({
        key: ++this.lastKey,
        name: picked.file.name,
        folder: picked.folder,
        size: picked.file.size,
        target,
        state: trouble ? 'failed' : 'queued',
        sent: 0,
        speed: 0,
        file: null,
        resumed: false,
        trouble: trouble?.message ?? '',
      })
      this.items.push(item)
      const [pace, timer] = [new Pace(), undefined]
      this.works.set(item.key, { picked, pace, sender: null, making: false, tries: 0, movedAt: 0, timer })
    }
    this.pump()
  }

  pause(item: Upload): void {
    if (item.state === 'failed') return
    this.halt(item)
    item.state = 'paused'
    this.pump()
  }

  /** Goes on with what was paused, or tries again what failed. */
  resume(item: Upload): void {
    const work = this.works.get(item.key)
    if (!work || (item.state !== 'paused' && item.state !== 'failed')) return
    if (item.state === 'failed') {
      work.sender = null
      item.file = null
    }
    item.trouble = ''
    work.tries = 0
    item.state = 'queued'
    this.pump()
  }

  cancel(item: Upload): void {
    const sender = this.halt(item)
    void sender?.stop(true)
    this.remove(item)
  }

  pauseAll(): void {
    for (const item of [...this.items]) if (item.state === 'queued') item.state = 'paused'
    for (const item of [...this.items]) this.pause(item)
  }
  resumeAll(): void {
    for (const item of [...this.items]) if (item.state === 'paused') this.resume(item)
  }
  cancelAll(): void {
    for (const item of [...this.items].reverse()) this.cancel(item)
  }

  /** The network is there again: what waits need not wait longer. */
  wake(): void {
    for (const item of this.items) if (item.state === 'waiting') this.send(item)
  }

  /** The server says that the file of an upload is over, and it is not among the files. */
  lost(file: string): void {
    const item = this.items.find((each) => each.file === file)
    if (!item || item.state === 'failed') return
    this.halt(item)
    this.fail(item, { passing: false, message: 'It was deleted in the room. Retry to send it anew.' })
  }

  /** The room is left: nothing goes on. What the server has stays there, to be taken up later. */
  end(): void {
    for (const item of [...this.items]) {
      this.halt(item)
      this.remove(item, false)
    }
  }

  private pump(): void {
    let busy = this.items.filter(({ state }) => state === 'sending' || state === 'waiting').length
    for (const item of this.items) {
      if (busy >= AT_ONCE) break
      if (item.state !== 'queued' || (item.target.chat && this.chatIsBusy())) continue
      this.send(item)
      busy += 1
    }
    const watching = this.items.some(({ state }) => state === 'sending')
    if (watching && this.watch === undefined) this.watch = setInterval(() => this.look(), LOOK_MS)
    if (!watching) {
      clearInterval(this.watch)
      this.watch = undefined
    }
  }

  /** In the chat things stand in the order in which they were sent: one is there before the next begins. */
  private chatIsBusy(): boolean {
    return this.items.some(({ target, state }) => target.chat && (state === 'sending' || state === 'waiting'))
  }

  private send(item: Upload): void {
    const work = this.works.get(item.key)
    if (!work) return
    clearTimeout(work.timer)
    item.state = 'sending'
    work.movedAt = this.now()
    if (work.sender) return work.sender.start()
    if (work.making) return
    work.making = true
    this.make(work.picked, item.target, this.told(item, work)).then(
      (sender) => {
        work.making = false
        work.sender = sender
        if (item.state === 'sending') sender.start()
      },
      () => {
        work.making = false
        this.fail(item, { passing: true, message: '' })
      },
    )
  }

  private told(item: Upload, work: Work): Told {
    const moved = () => (work.movedAt = this.now())
    return {
      begun: (file) => {
        item.file = file
        moved()
      },
      resumed: () => (item.resumed = true),
      sent: (bytes) => {
        if (bytes > item.sent) work.tries = 0
        item.sent = bytes
        work.pace.note(moved(), bytes)
        item.speed = work.pace.speed
      },
      done: () => {
        this.remove(item)
        this.pump()
      },
      failed: (trouble) => {
        // What was stopped here is not a failure.
        if (item.state === 'sending') this.fail(item, trouble)
      },
    }
  }

  private fail(item: Upload, trouble: Trouble): void {
    const work = this.works.get(item.key)
    if (!work) return
    work.pace.rest()
    item.speed = 0
    if (trouble.passing) {
      item.state = 'waiting'
      const pause = PAUSES[Math.min(work.tries, PAUSES.length - 1)]
      work.tries += 1
      clearTimeout(work.timer)
      work.timer = setTimeout(() => this.send(item), pause)
    } else {
      item.state = 'failed'
      item.trouble = trouble.message
    }
    this.pump()
  }

  private halt(item: Upload): Sender | null {
    const work = this.works.get(item.key)
    clearTimeout(work?.timer)
    const sender = work?.sender ?? null
    if (item.state === 'sending') {
      item.state = 'paused'
      void sender?.stop(false)
    }
    work?.pace.rest()
    item.speed = 0
    return sender
  }

  private look(): void {
    for (const item of this.items) {
      const work = this.works.get(item.key)
      if (!work || item.state !== 'sending') continue
      const patience = item.sent < item.size ? STALLED_MS : FINISHING_MS
      if (this.now() - work.movedAt < patience) continue
      void work.sender?.stop(false)
      this.fail(item, { passing: true, message: '' })
    }
  }

  /** `over`: it is sent or given up, not only left. */
  private remove(item: Upload, over = true): void {
    const work = this.works.get(item.key)
    clearTimeout(work?.timer)
    if (over) work?.picked.over?.()
    this.works.delete(item.key)
    const place = this.items.indexOf(item)
    if (place >= 0) this.items.splice(place, 1)
    this.pump()
  }
}
