import { useEventListener } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { FilesFile, FilesNamedDevice } from '@/contract'
import { ownDevice } from '@/core/device-name'
import { useRoom } from '@/core/room'
import { useShared } from './arriving'
import { followed, type Coming } from './coming'
import { holdsFiles } from './gather'
import { seenInChat, seenUntil } from './place'
import { cutOff, forgetCutOff, sendTo, type CutOff } from './sender'
import { Uploads } from './uploads'

/** What this page knows of files beside the room's state; one for each room that it is in, whatever tab is in front. */
export const uploads = shallowRef<Uploads | null>(null)
export const coming = shallowRef<Coming>(new Map())
export const devices = shallowRef<readonly FilesNamedDevice[]>([])
/** Which of them this page is. */
export const thisDevice = shallowRef<string | null>(null)
/** Uploads of this browser that a reload has cut off. */
export const cut = shallowRef<CutOff[]>([])

/** Signals of what other pages of this browser are sending come ten times a second: until then they are heard. */
const LISTEN_MS = 2_000

/** Once for each room, by what stands over it. */
export function useHub(): void {
  const room = useRoom()
  const link = room.state.rooms?.room.link ?? ''
  // What was here before is no news.
  seenUntil.value ??= room.now()
  seenInChat.value ??= room.now()
  const sending = (uploads.value = new Uploads(sendTo(link)))
  const live = () => room.status === 'live'
  const sendShared = useShared(link)
  const isHere = (id: string) =>
    [...(room.state.files?.files ?? []), ...(room.state.files?.direct ?? [])].some((file) => file.id === id)

  const sayName = () => live() && room.signal('files.device', { name: ownDevice.value })
  // Bytes of these were still coming when they were looked for, perhaps from this page before its reload.
  const moving = new Set<string>()
  function isMoving(id: string): boolean {
    if (coming.value.get(id)?.moving !== true) return false
    moving.add(id)
    return true
  }
  async function lookForCutOff(): Promise<void> {
    const own = () => new Set(sending.items.map(({ file }) => file))
    const found = await cutOff(link, (id) => own().has(id) || isMoving(id))
    cut.value = found.filter(({ file }) => !own().has(file))
  }
  const later = setTimeout(() => void lookForCutOff(), LISTEN_MS)

  const offs = [
    room.onSignal('files.devices', (news) => {
      devices.value = news.devices
      thisDevice.value = news.me
    }),
    room.onSignal('files.progress', (news) => {
      coming.value = followed(coming.value, news)
      for (const id of news.over) if (!isHere(id)) sending.lost(id)
      cut.value = cut.value.filter(({ file }) => !news.over.includes(file))
      if (news.uploads.some((one) => !one.moving && moving.delete(one.id))) void lookForCutOff()
    }),
  ]
  watch(
    live,
    (now) => {
      if (!now) return
      // What was said meanwhile is lost; what still comes says so at once.
      coming.value = new Map()
      sayName()
      sending.wake()
      sendShared()
    },
    { immediate: true },
  )
  watch(ownDevice, sayName)
  watch(
    () => sending.items.flatMap(({ file }) => file ?? []),
    (own) => {
      for (const id of own) {
        takenUp(id)
        sentHere.add(id)
      }
    },
  )
  // A file that is dropped beside would take the place of the room in the window.
  for (const kind of ['dragover', 'drop'] as const)
    useEventListener(window, kind, (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer || !holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'none'
    })
  useEventListener(window, 'online', () => sending.wake())
  onScopeDispose(() => {
    clearTimeout(later)
    for (const off of offs) off()
    sending.end()
    uploads.value = null
    coming.value = new Map()
    devices.value = []
    thisDevice.value = null
    cut.value = []
  })
}

/** What this page has sent: one's own devices ask about it, not this one. */
export const sentHere = new Set<string>()

/** Whether it was sent to this device: it alone asks, as long as it is here. */
export function forThisDevice(file: Pick<FilesFile, 'id' | 'device'>): boolean {
  if (sentHere.has(file.id)) return false
  const wanted = devices.value.find(({ id }) => id === file.device)
  return !wanted || wanted.id === thisDevice.value
}

/** It was taken up again, by the same file. */
export const takenUp = (file: string): void => {
  if (cut.value.some((one) => one.file === file)) cut.value = cut.value.filter((one) => one.file !== file)
}

export async function giveUp(one: CutOff): Promise<void> {
  await forgetCutOff(one)
  takenUp(one.file)
}
