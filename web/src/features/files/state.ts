import type { FilesFile, FilesSnapshot } from '@/contract'
import type { Fold } from '@/core/fold'

/** New states put among the others, in the order of their coming. */
function upsert(files: FilesFile[], news: FilesFile[]): FilesFile[] {
  const fresh = new Set(news.map(({ id }) => id))
  return [...files.filter(({ id }) => !fresh.has(id)), ...news].sort(
    (a, b) => a.at - b.at || (a.id < b.id ? -1 : 1),
  )
}

function without(files: FilesFile[], gone: string[]): FilesFile[] {
  return files.some(({ id }) => gone.includes(id)) ? files.filter(({ id }) => !gone.includes(id)) : files
}

export const files: Fold<FilesSnapshot> = {
  apply(state, event) {
    switch (event.type) {
      case 'files.changed':
        return { ...state, files: upsert(state.files, event.data.files) }
      case 'files.gone':
        return { ...state, files: without(state.files, event.data.files) }
      case 'files.direct_changed':
        return { ...state, direct: upsert(state.direct, event.data.files) }
      case 'files.direct_gone':
        return { ...state, direct: without(state.direct, event.data.files) }
      case 'files.settings_changed':
        return { ...state, settings: event.data.settings }
      default:
        return state
    }
  },
  normalise: (state) => state,
}
