import { createSharedComposable } from '@vueuse/core'
import { onScopeDispose, ref } from 'vue'
import { useRoom } from '@/core/room'
import { play } from '@/design/sounds'
import { Crowd, sentence } from './crowd'

/** How long a line stands after the last change; comings and goings within it are told together. */
const STANDS_MS = 5_000
/** In a large room somebody always comes; a sound each time would be noise. */
const SOUND_UP_TO = 30

/** Who has just come and gone, as one line of text; empty most of the time. */
export const useArrivals = createSharedComposable(() => {
  const room = useRoom()
  const line = ref('')
  const crowd = new Crowd()
  const names = new Map<string, string>()
  let clock: ReturnType<typeof setTimeout> | undefined

  for (const person of room.state.people?.people ?? []) names.set(person.id, person.name)

  const stop = room.onEvent('people.changed', ({ data }) => {
    const me = room.state.people?.me
    for (const person of data.people) names.set(person.id, person.name)
    const came = data.joined.filter((id) => id !== me)
    const went = data.left.filter((id) => id !== me)
    if (came.length + went.length === 0) return
    for (const id of came) crowd.came(id, names.get(id) ?? '')
    for (const id of went) crowd.went(id, names.get(id) ?? '')
    if (came.length > 0 && (room.state.people?.people.length ?? 0) <= SOUND_UP_TO) play('join')
    line.value = sentence(crowd)
    clearTimeout(clock)
    clock = setTimeout(() => {
      crowd.clear()
      line.value = ''
    }, STANDS_MS)
  })
  onScopeDispose(() => {
    stop()
    clearTimeout(clock)
  })
  return line
})
