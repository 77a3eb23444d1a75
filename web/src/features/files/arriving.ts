import { onScopeDispose } from 'vue'
import { sendSharedTo, sharedFileOver, sharedNow, sharedTextOver } from '@/core/shared'
import { tell } from '@/design/toasts'
import { sendFiles, sendText } from './actions'
import { mayUpload } from './place'

const LOCK = 'salon.shared'

/**
 * Sends what was shared with the installed page for this room, as if it had been dropped here. One page of the browser
 * does it; what is not all there when that page goes, the next one takes up.
 */
export function useShared(link: string): () => void {
  let leave: () => void = () => undefined
  const left = new Promise<void>((resolve) => (leave = resolve))
  onScopeDispose(() => leave())
  return () =>
    void navigator.locks?.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (lock && (await send(link))) await left
    })
}

/** Tells whether there was something. */
async function send(link: string): Promise<boolean> {
  const shared = await sharedNow()
  if (shared?.to !== link) return false
  if (!mayUpload()) {
    await sendSharedTo(null)
    tell('Only some may put files into this room. What you shared is kept for a day.', {
      look: 'bad',
      action: { label: 'Choose another room', run: () => location.assign('/share') },
    })
    return false
  }
  sendFiles(shared.files.map(({ key, file }) => ({ file, folder: '', over: () => void sharedFileOver(key) })))
  if (shared.text && (await sendText(shared.text))) await sharedTextOver()
  return true
}
