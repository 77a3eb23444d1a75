/** Listeners by type. One that throws does not keep the others from hearing. */
export class Emitter<T> {
  private readonly listeners = new Map<string, Set<(value: T) => void>>()

  on(type: string, listener: (value: T) => void): () => void {
    const known = this.listeners.get(type) ?? new Set()
    this.listeners.set(type, known.add(listener))
    return () => void known.delete(listener)
  }

  emit(type: string, value: T): void {
    for (const listener of [...(this.listeners.get(type) ?? [])]) {
      try {
        listener(value)
      } catch (error) {
        reportError(error)
      }
    }
  }
}
