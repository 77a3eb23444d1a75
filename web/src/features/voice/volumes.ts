import { shallowRef } from 'vue'

/** How loud a host wants somebody, 0 to 1, for as long as this tab is open. Who was not touched is at full volume. */
export class Volumes {
  private readonly now = shallowRef<Readonly<Record<string, number>>>({})
  private readonly name: string

  constructor(room: string) {
    this.name = `salon.volumes.${room}`
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(this.name) ?? '{}')
      if (typeof kept === 'object' && kept !== null)
        this.now.value = Object.fromEntries(Object.entries(kept).filter(([, volume]) => isVolume(volume)))
    } catch {
      // Blocked, or of another version: everybody is at full volume.
    }
  }

  of(person: string): number {
    return this.now.value[person] ?? 1
  }

  set(person: string, volume: number): void {
    if (!isVolume(volume)) return
    this.now.value = { ...this.now.value, [person]: volume }
    try {
      sessionStorage.setItem(this.name, JSON.stringify(this.now.value))
    } catch {
      // It holds until the page goes.
    }
  }
}

const isVolume = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1
