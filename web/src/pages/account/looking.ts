import { onMounted, ref, type Ref } from 'vue'
import { loadWho } from '@/core/account'

/**
 * For pages that are about whoever is signed in: asks who that is when the page comes, with `again` also when it was asked
 * before. `failed` while there is no answer; `look` tries once more.
 */
export function useWho({ again = false } = {}): { failed: Ref<boolean>; look: () => Promise<void> } {
  const failed = ref(false)
  async function look(): Promise<void> {
    failed.value = false
    try {
      await loadWho(again)
    } catch {
      failed.value = true
    }
  }
  onMounted(look)
  return { failed, look }
}
