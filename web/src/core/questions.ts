import { omit } from './omit'
import { isRefusal, Refused } from './refused'
import type { Ack } from './wire'

const ANSWER_WITHIN = 10_000
const READY_WITHIN = 20_000
const TRIES = 3

type Emit = (name: string, payload: unknown, ack: (answer: Ack) => void) => void

/** Questions on their way. They change nothing, so one whose answer was lost is simply asked again. */
export class Questions {
  private ready = false
  private over = false
  /** Called when the connection comes, goes, or ends for good. */
  private readonly turns = new Set<() => void>()

  constructor(private readonly emit: Emit) {}

  async ask(name: string, payload: unknown): Promise<Record<string, unknown>> {
    const deadline = Date.now() + READY_WITHIN
    for (let tries = 0; tries < TRIES;) {
      if (!this.ready) await this.turn(deadline - Date.now())
      if (this.over || Date.now() > deadline + ANSWER_WITHIN) break
      if (!this.ready) {
        if (Date.now() >= deadline) break
        continue
      }
      tries += 1
      const ack = await this.once(name, payload)
      if (ack && !ack.ok) throw Refused.from(ack)
      if (ack) return omit(ack, 'ok')
    }
    throw new Refused('unavailable', 'The server does not answer.')
  }

  open(): void {
    this.ready = true
    this.tell()
  }

  cut(): void {
    this.ready = false
    this.tell()
  }

  end(): void {
    this.over = true
    this.cut()
  }

  private once(name: string, payload: unknown): Promise<Ack | undefined> {
    return new Promise((resolve) => {
      const settle = (ack?: Ack) => {
        clearTimeout(timer)
        this.turns.delete(settle)
        resolve(ack)
      }
      const timer = setTimeout(settle, ANSWER_WITHIN)
      this.turns.add(settle)
      this.emit(name, payload, (ack) => settle(ack.ok || isRefusal(ack) ? ack : undefined))
    })
  }

  private turn(within: number): Promise<void> {
    if (this.over) return Promise.resolve()
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer)
        this.turns.delete(settle)
        resolve()
      }
      const timer = setTimeout(settle, Math.max(within, 0))
      this.turns.add(settle)
    })
  }

  private tell(): void {
    for (const turn of [...this.turns]) turn()
  }
}
