/** The groups that somebody has typed: with commas between them, each once, in order. */
export function groupsFrom(text: string): string[] {
  const names = text.split(/[,\n]/).map((each) => each.trim().replace(/\s+/g, ' '))
  return [...new Set(names.filter(Boolean))].sort((a, b) => a.localeCompare(b))
}
