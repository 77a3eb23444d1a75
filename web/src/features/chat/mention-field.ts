import { computed, nextTick, ref, type Ref } from 'vue'
import type { PeoplePerson } from '@/contract'
import { useRoom } from '@/core/room'
import { mentionable, mentionAt, withMention } from './mentions'

/** Completing `@name` in a text field. */
export function useMentionField(text: Ref<string>, field: Readonly<Ref<HTMLTextAreaElement | null>>) {
  const room = useRoom()
  const begun = ref<{ from: number; query: string } | null>(null)
  const chosen = ref(0)
  /** Closed with Escape: stays so until another name is begun. */
  let closedAt: number | null = null

  const found = computed(() =>
    begun.value
      ? mentionable(room.state.people?.people ?? [], room.state.people?.me ?? '', begun.value.query)
      : [],
  )

  /** Looks at the text before the caret, after each change of either. */
  function look(): void {
    const caret = field.value?.selectionStart ?? 0
    const now = field.value?.selectionEnd === caret ? mentionAt(text.value, caret) : null
    if (now?.from !== closedAt) closedAt = null
    if (now?.query !== begun.value?.query) chosen.value = 0
    begun.value = closedAt === null ? now : null
  }

  function close(): void {
    closedAt = begun.value?.from ?? null
    begun.value = null
  }

  async function pick(person: PeoplePerson): Promise<void> {
    if (!begun.value || !field.value) return
    const caret = field.value.selectionStart
    const next = withMention(text.value, begun.value.from, caret, person.name)
    text.value = next.text
    begun.value = null
    await nextTick()
    field.value.focus()
    field.value.setSelectionRange(next.caret, next.caret)
  }

  /** Tells whether the key was for the list. */
  function key(event: KeyboardEvent): boolean {
    if (found.value.length === 0) return false
    const count = found.value.length
    if (event.key === 'ArrowDown') chosen.value = (chosen.value + 1) % count
    else if (event.key === 'ArrowUp') chosen.value = (chosen.value + count - 1) % count
    else if (event.key === 'Enter' || event.key === 'Tab') void pick(found.value[chosen.value]!)
    else if (event.key === 'Escape') close()
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  return { found, chosen, look, pick, key }
}
