/** Comings and goings of one moment. Who comes and goes within it is not worth a word. */
export class Crowd {
  readonly joined = new Map<string, string>()
  readonly left = new Map<string, string>()

  came(id: string, name: string): void {
    if (!this.left.delete(id)) this.joined.set(id, name)
  }

  went(id: string, name: string): void {
    if (!this.joined.delete(id)) this.left.set(id, name)
  }

  clear(): void {
    this.joined.clear()
    this.left.clear()
  }
}

const NAMED = 2

/** "Ana", "Ana and Ben", "Ana, Ben and 12 others". */
export function listed(names: string[]): string {
  if (names.length <= 1) return names[0] ?? ''
  if (names.length === NAMED) return names.join(' and ')
  if (names.length === NAMED + 1) return `${names.slice(0, NAMED).join(', ')} and ${names[NAMED]}`
  return `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} others`
}

export function sentence(crowd: Crowd): string {
  const parts: string[] = []
  if (crowd.joined.size > 0) parts.push(`${listed([...crowd.joined.values()])} joined`)
  if (crowd.left.size > 0) parts.push(`${listed([...crowd.left.values()])} left`)
  return parts.join(' · ')
}
