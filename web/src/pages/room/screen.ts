import { tell } from '@/design/toasts'

/** No letter: those belong to who dictates or writes. No browser of today uses it. */
export const SCREEN_KEY = 'F8'

/** The big screen in a tab of its own, to be drawn to the projector. When it is open already it only comes to the front. */
export function openScreen(link: string): void {
  const opened = window.open('', `salon-screen-${link}`)
  if (!opened) {
    tell('The browser has blocked the window. Allow windows for this page, then try again.', { look: 'bad' })
    return
  }
  const address = `${location.origin}/r/${link}/screen`
  if (opened.location.href !== address) opened.location.replace(address)
  opened.focus()
}
