import { computed, onScopeDispose, shallowReactive, toValue, watchEffect, type MaybeRefOrGetter } from 'vue'
import { useMediaQuery } from '@vueuse/core'
import type { Theme } from '@/core/api'
import { mode } from '@/core/device'

const systemDark = useMediaQuery('(prefers-color-scheme: dark)')

export const dark = computed(() => mode.value === 'dark' || (mode.value === 'system' && systemDark.value))

export const DEFAULT_THEME: Theme = 'linen'

// A stack, because the next page is set up before the last one is torn down.
const wishes = shallowReactive<(() => Theme)[]>([])

/** The page stands on this theme as long as the caller lives. Set on the root, so that dialogs stand on it too. */
export function useTheme(theme: MaybeRefOrGetter<Theme>): void {
  const wish = () => toValue(theme)
  wishes.push(wish)
  onScopeDispose(() => wishes.splice(wishes.indexOf(wish), 1))
}

/** Keeps the page in the chosen mode and theme; `mode.js` has set the mode before the first paint. */
export function followLooks(): void {
  const root = document.documentElement
  watchEffect(() => {
    root.dataset.mode = dark.value ? 'dark' : 'light'
    root.dataset.theme = wishes.at(-1)?.() ?? DEFAULT_THEME
    // The browser's own bars on phones take the colour of the ground.
    const ground = getComputedStyle(root).backgroundColor
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]'))
      meta.content = ground
  })
}
