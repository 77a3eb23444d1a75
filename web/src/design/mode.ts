import { computed, onScopeDispose, shallowReactive, toValue, watchEffect, type MaybeRefOrGetter } from 'vue'
import { useMediaQuery } from '@vueuse/core'
import type { Theme } from '@/core/api'
import { mode } from '@/core/device'

const systemDark = useMediaQuery('(prefers-color-scheme: dark)')

export const dark = computed(() => mode.value === 'dark' || (mode.value === 'system' && systemDark.value))

/** Keeps the page in the chosen mode; `mode.js` has set it before the first paint. */
export function followMode(): void {
  watchEffect(() => {
    document.documentElement.dataset.mode = dark.value ? 'dark' : 'light'
  })
}

export const DEFAULT_THEME: Theme = 'linen'

// A stack, because the next page is set up before the last one is torn down.
const wishes = shallowReactive<(() => Theme)[]>([])

/** The page stands on this theme as long as the caller lives. Set on the root, so that dialogs stand on it too. */
export function useTheme(theme: MaybeRefOrGetter<Theme>): void {
  const wish = () => toValue(theme)
  wishes.push(wish)
  onScopeDispose(() => wishes.splice(wishes.indexOf(wish), 1))
}

export function followTheme(): void {
  watchEffect(() => {
    document.documentElement.dataset.theme = wishes.at(-1)?.() ?? DEFAULT_THEME
  })
}
