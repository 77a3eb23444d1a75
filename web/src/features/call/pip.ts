import { onScopeDispose, shallowRef } from 'vue'
import { tell } from '@/design/toasts'

interface DocumentPictureInPicture {
  requestWindow: (options: { width: number; height: number }) => Promise<Window>
}
const documents = () =>
  (window as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture

/** A window of its own over all others, with everybody and the buttons: where browsers have it. */
export const canFloatAll = (): boolean => documents() !== undefined
/** One picture over all other windows. */
export const canFloatVideo = (): boolean => document.pictureInPictureEnabled

/** What is drawn into that window; null while there is none. */
export const floating = shallowRef<HTMLElement | null>(null)
let opened: Window | undefined

/** The look of the page, as it is now: what is loaded later is told to the window by `follow`. */
function dress(to: Window): () => void {
  const { document: page } = to
  const copy = () => {
    page.documentElement.className = document.documentElement.className
    for (const [key, value] of Object.entries(document.documentElement.dataset))
      page.documentElement.dataset[key] = value
    page.documentElement.style.cssText = document.documentElement.style.cssText
    page.head.replaceChildren(
      ...[...document.querySelectorAll('style, link[rel="stylesheet"]')].map((one) => one.cloneNode(true)),
    )
  }
  copy()
  const changes = new MutationObserver(copy)
  changes.observe(document.head, { childList: true })
  changes.observe(document.documentElement, { attributes: true })
  return () => changes.disconnect()
}

export async function floatAll(): Promise<void> {
  if (opened) return opened.close()
  try {
    const got = await documents()?.requestWindow({ width: 420, height: 320 })
    if (!got) return
    opened = got
    const undress = dress(got)
    got.document.title = document.title
    got.addEventListener('pagehide', () => {
      undress()
      opened = undefined
      floating.value = null
    })
    floating.value = got.document.body
  } catch {
    tell('The browser did not open a window.', { look: 'bad' })
  }
}

export async function floatVideo(tile: string): Promise<void> {
  const video = document.querySelector<HTMLVideoElement>(`[data-tile="${CSS.escape(tile)}"] video`)
  try {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture()
    else await video?.requestPictureInPicture()
  } catch {
    tell('This picture cannot float just now.', { look: 'bad' })
  }
}

/** Closes with the call. */
export function useFloating(): void {
  onScopeDispose(() => {
    opened?.close()
    if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => undefined)
  })
}
