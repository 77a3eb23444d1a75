import { onMounted } from 'vue'
import { useRouter } from 'vue-router'
import { useRoom } from '@/core/room'
import { tell } from '@/design/toasts'

/** Somebody chose this room for what their phone shared; where there are no files, nobody would send it. */
export function useSharedWithoutFiles(): void {
  const room = useRoom()
  const router = useRouter()
  onMounted(() => {
    if (history.state?.shared !== true || room.state.rooms?.room.activities.includes('files')) return
    tell('Files are switched off in this room. What you shared is kept for a day.', {
      look: 'bad',
      action: { label: 'Choose another room', run: () => void router.push('/share') },
    })
  })
}
