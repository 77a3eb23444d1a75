import { loadWho, type Whoami } from './account'
import { guest } from './device'
import type { Outbox } from './outbox'
import { DeviceStore } from './outbox-device'

/** Takes the place of a room's name, of which none is like it. */
const ANYWHERE = '*'
const ASK_AGAIN_MS = 3_000

/**
 * What waits of somebody's own things, such as private to-dos: one of their pages sends it, whichever room that is in.
 * So it is not lost with the room in which it was given, should that close before there is a connection again.
 *
 * What a guest has left goes with them into the account that they sign in to, as the server does it with what it has.
 */
export class OwnUnsent {
  private device: DeviceStore | undefined
  private person: string | undefined
  private held = false
  /** Counts the beginnings: an answer to an older one comes too late. */
  private turn = 0

  constructor(private readonly outbox: Outbox) {}

  /** From now on what was left elsewhere goes from here, until the returned function is called. */
  hold(): () => void {
    this.held = true
    void this.begin(false)
    return () => {
      this.held = false
      this.leave()
    }
  }

  /** Who this page is in its room has become known, or is another one. */
  belong(person: string | undefined): void {
    if (person === undefined || person === this.person) return
    const first = this.person === undefined
    this.person = person
    if (first || !this.held) return
    this.leave()
    void this.begin(true)
  }

  /** It stays on the device, for the next page. */
  leave(): void {
    this.turn += 1
    this.device?.close()
    this.device = undefined
    this.outbox.belong('person', undefined)
  }

  private async begin(again: boolean): Promise<void> {
    const turn = (this.turn += 1)
    try {
      const { identity, account } = await known(again)
      if (turn !== this.turn) return
      const device = new DeviceStore(ANYWHERE, identity, account && guest.value ? [guest.value] : [])
      this.device = device
      this.outbox.belong('person', device)
      device.begin((left) => this.outbox.adopt('person', left))
    } catch {
      setTimeout(() => {
        if (turn === this.turn) void this.begin(again)
      }, ASK_AGAIN_MS)
    }
  }
}

/** The answer may be one from before there was a session. */
async function known(again: boolean): Promise<Whoami & { identity: string }> {
  let who = await loadWho(again)
  if (who.identity === null) who = await loadWho(true)
  if (who.identity === null) throw new Error('no session yet')
  return { ...who, identity: who.identity }
}
