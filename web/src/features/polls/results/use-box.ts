import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { measureAnew, widthIn, type Width } from './measure'

export interface Box {
  /** In em of the element. */
  width: number
  height: number
  /** Pixels of one em. */
  em: number
  /** How wide text is in the element's font. */
  text: Width
  /** And in the font of names and titles. */
  display: Width
}

/** The room that an element has, as long as it is there; null before it is drawn. */
export function useBox(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<Box | null>> {
  const box = shallowRef<Box | null>(null)
  const look = () => {
    if (!element.value) return
    const style = getComputedStyle(element.value)
    const em = parseFloat(style.fontSize) || 16
    box.value = {
      width: element.value.clientWidth / em,
      height: element.value.clientHeight / em,
      em,
      text: widthIn(style.fontFamily || 'sans-serif'),
      display: widthIn(style.getPropertyValue('--face-display') || 'serif'),
    }
  }
  const lookAnew = () => {
    measureAnew()
    look()
  }
  const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(look)
  // Not every browser has it, nor do tests.
  const fonts = document.fonts as FontFaceSet | undefined
  fonts?.addEventListener('loadingdone', lookAnew)
  watch(
    element,
    (now) => {
      observer?.disconnect()
      if (now) observer?.observe(now)
      look()
    },
    { flush: 'post', immediate: true },
  )
  onScopeDispose(() => {
    observer?.disconnect()
    fonts?.removeEventListener('loadingdone', lookAnew)
  })
  return box
}
