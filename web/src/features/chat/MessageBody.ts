import { computed, defineComponent, h, type PropType } from 'vue'
import type { ChatMessage } from '@/contract'
import { useRoom } from '@/core/room'
import { isJumbo, render, type Mention } from './markdown'

/** A message's text. Never as HTML: tokens of the parser become nodes. */
export default defineComponent({
  name: 'MessageBody',
  props: { message: { type: Object as PropType<ChatMessage>, required: true } },
  setup(props) {
    const room = useRoom()
    const mentions = computed<Mention[]>(() =>
      props.message.mentions.flatMap((id) => {
        const name = room.person(id)?.name
        return name ? [{ name, me: id === room.state.people?.me }] : []
      }),
    )
    return () => {
      const body = props.message.body ?? ''
      return h('div', { class: ['message-body', { jumbo: isJumbo(body) }] }, render(body, mentions.value))
    }
  },
})
