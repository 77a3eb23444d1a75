/** Copies text; also on plain-http pages, where browsers offer no clipboard. Tells whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard = (navigator as Partial<Navigator>).clipboard
  if (clipboard) {
    try {
      await clipboard.writeText(text)
      return true
    } catch {
      // Refused, for example in a frame or without focus: the old way may still work.
    }
  }
  return copyByField(text)
}

function copyByField(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.style.cssText = 'position:fixed;top:0;left:0;opacity:0;font-size:16px'
  // Inside an open dialog, whose focus trap would otherwise take the focus back before the copying.
  const home = document.querySelector('[role="dialog"], [role="alertdialog"]') ?? document.body
  home.append(field)
  field.focus()
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (before instanceof HTMLElement) before.focus()
  }
}
