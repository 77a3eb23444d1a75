import { ref, type Ref } from 'vue'
import { tellEmpty } from './actions'
import { fromDrop, holdsFiles, type Picked } from './gather'

/** Files may be dropped anywhere on an element that wears these handlers. */
export function useDropping(able: Ref<boolean>, take: (found: Promise<Picked[]>) => void) {
  const dropping = ref(false)
  const takes = (event: DragEvent): boolean => able.value && holdsFiles(event.dataTransfer)
  function over(event: DragEvent): void {
    if (!holdsFiles(event.dataTransfer)) return
    // Otherwise the browser would leave the room for the file.
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = able.value ? 'copy' : 'none'
    dropping.value = able.value
  }
  function leave(event: DragEvent): void {
    const [from, to] = [event.currentTarget, event.relatedTarget]
    if (from instanceof Element && to instanceof Node && from.contains(to)) return
    dropping.value = false
  }
  function drop(event: DragEvent): void {
    dropping.value = false
    if (!holdsFiles(event.dataTransfer)) return
    event.preventDefault()
    if (takes(event) && event.dataTransfer) take(fromDrop(event.dataTransfer, tellEmpty))
  }
  return { dropping, handlers: { dragenter: over, dragover: over, dragleave: leave, drop } }
}
