import { computed, ref, watch, type Ref } from 'vue'
import type { FilesFile } from '@/contract'

/** Several files at once: which are chosen, as long as they are here. */
export function useChosen(files: Ref<FilesFile[]>) {
  const choosing = ref(false)
  const ids = ref<ReadonlySet<string>>(new Set())
  const takeable = computed(() => files.value.filter((file) => file.ready && file.accepted !== false))
  const chosen = computed(() => new Set(takeable.value.map(({ id }) => id).filter((id) => ids.value.has(id))))

  function choose(id: string): void {
    const next = new Set(ids.value)
    if (!next.delete(id)) next.add(id)
    ids.value = next
  }
  /** All of them, or none when all are. */
  function chooseAll(): void {
    const all = takeable.value.map(({ id }) => id)
    ids.value = new Set(chosen.value.size === all.length ? [] : all)
  }
  function rest(): void {
    choosing.value = false
    ids.value = new Set()
  }
  watch(
    () => files.value.length,
    (count) => count === 0 && rest(),
  )
  return { choosing, chosen, choose, chooseAll, rest }
}
