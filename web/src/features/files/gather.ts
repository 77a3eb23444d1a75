/** Something to be sent, with the folders that it lay in. */
export interface Picked {
  file: File
  /** With `/` between; empty for a file on its own. */
  folder: string
  /** Called when it is sent, or given up. */
  over?: () => void
}

/** Systems leave these in folders; nobody means to send them. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

export const fromList = (list: ArrayLike<File>): Picked[] =>
  Array.from(list)
    .map((file) => ({ file, folder: folderOf(file.webkitRelativePath || '') }))
    .filter(({ file, folder }) => folder === '' || !LITTER.has(file.name))

const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/')

/**
 * All that was dropped, folders with what is in them. To be called within the event itself: afterwards the browser
 * shows nothing of it any more. `empty` hears how many folders had nothing in them, when others had.
 */
export async function fromDrop(data: DataTransfer, empty?: (folders: number) => void): Promise<Picked[]> {
  const entries = Array.from(data.items)
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry?.() ?? null)
  const files = fromList(data.files)
  if (!entries.some((entry) => entry?.isDirectory)) return files
  const found = await Promise.all(entries.map(async (entry) => (entry ? walk(entry, '') : nothing)))
  const picked = found.flatMap((one) => one.picked)
  const left = found.reduce((sum, one) => sum + one.empty, 0)
  if (picked.length > 0 && left > 0) empty?.(left)
  return picked
}

interface Walked {
  picked: Picked[]
  /** Folders without anything in them. */
  empty: number
}
const nothing: Walked = { picked: [], empty: 0 }

async function walk(entry: FileSystemEntry, folder: string): Promise<Walked> {
  if (entry.isFile) {
    if (folder !== '' && LITTER.has(entry.name)) return nothing
    return { picked: [{ file: await fileOf(entry as FileSystemFileEntry), folder }], empty: 0 }
  }
  const below = folder ? `${folder}/${entry.name}` : entry.name
  const inside = await entriesOf(entry as FileSystemDirectoryEntry)
  const found: Walked = { picked: [], empty: inside.length === 0 ? 1 : 0 }
  for (const each of inside) {
    const { picked, empty } = await walk(each, below)
    found.picked.push(...picked)
    found.empty += empty
  }
  return found
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

/** Browsers give them in parts of a hundred or so, until a part is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const found: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (part.length === 0) return found
    found.push(...part)
  }
}

/** Whether something is dragged that could be dropped here: files, not a piece of the page or a text. */
export const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false
