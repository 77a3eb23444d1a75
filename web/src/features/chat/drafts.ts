/** What was begun to be written, for each conversation, kept by the tab. */
const key = (room: string, peer: string | null) => `salon.draft.${room}.${peer ?? ''}`
const memory = new Map<string, string>()

export function loadDraft(room: string, peer: string | null): string {
  const name = key(room, peer)
  try {
    return memory.get(name) ?? sessionStorage.getItem(name) ?? ''
  } catch {
    return ''
  }
}

export function saveDraft(room: string, peer: string | null, text: string): void {
  const name = key(room, peer)
  memory.set(name, text)
  try {
    if (text) sessionStorage.setItem(name, text)
    else sessionStorage.removeItem(name)
  } catch {
    // Storage is full or blocked: the draft is kept until the page goes.
  }
}
