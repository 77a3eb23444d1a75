/** What was begun to be written, kept by the tab. */
const name = (link: string) => `salon.ask.${link}`
const memory = new Map<string, string>()

export function loadDraft(link: string): string {
  try {
    return memory.get(link) ?? sessionStorage.getItem(name(link)) ?? ''
  } catch {
    return ''
  }
}

export function saveDraft(link: string, text: string): void {
  memory.set(link, text)
  try {
    if (text) sessionStorage.setItem(name(link), text)
    else sessionStorage.removeItem(name(link))
  } catch {
    // Storage is full or blocked: the draft is kept until the page goes.
  }
}
