import type { FilesFile, FilesSnapshot, FilesUpload } from '@/contract'

/** A file for tests. */
export const fileOf = (id: string, more: Partial<FilesFile> = {}): FilesFile => ({
  id,
  author: 'ana',
  name: `${id}.bin`,
  folder: '',
  person: 'Ana',
  size: 10,
  type: 'application/octet-stream',
  kind: 'other',
  sha256: 'f'.repeat(64),
  text: null,
  chat: false,
  to: null,
  device: null,
  accepted: null,
  ready: true,
  thumbnail: false,
  width: null,
  height: null,
  at: 1,
  expires_at: null,
  ...more,
})

export const filesState = (more: Partial<FilesSnapshot> = {}): FilesSnapshot => ({
  settings: { uploads: 'everyone', expiry_minutes: null },
  limits: { file: 1000, room: 5000 },
  files: [],
  direct: [],
  ...more,
})

export const uploadOf = (id: string, more: Partial<FilesUpload> = {}): FilesUpload => ({
  id,
  author: 'ana',
  name: `${id}.bin`,
  folder: '',
  size: 100,
  offset: 10,
  chat: false,
  to: null,
  moving: true,
  ...more,
})
