// How much JavaScript and CSS somebody loads who opens a room's link: the entry and the join page with all they import
// statically, as the server sends it, and in how many files. Fails above the limits.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

const LIMIT = 170_000
const FILES = 20
const built = new URL('../../src/salon/web/', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8'))

const files = new Set()
function collect(key) {
  const chunk = manifest[key]
  if (!chunk || files.has(chunk.file)) return
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const next of chunk.imports ?? []) collect(next)
}
for (const key of ['index.html', 'src/pages/RoomPage.vue']) {
  if (!manifest[key]) throw new Error(`The build has no ${key}`)
  collect(key)
}

const sizeOf = (path) => {
  try {
    return statSync(`${path}.br`).size
  } catch {
    return brotliCompressSync(readFileSync(path)).length
  }
}
const sizes = [...files, 'mode.js']
  .map((file) => [sizeOf(join(built, file)), file])
  .sort((a, b) => b[0] - a[0])
const total = sizes.reduce((sum, [size]) => sum + size, 0)
if (process.argv.includes('--list'))
  for (const [size, file] of sizes) console.log(`${String(size).padStart(8)}  ${file}`)
console.log(`${String(total).padStart(8)}  of ${LIMIT} bytes for the first load of the join page (brotli)`)
console.log(`${String(files.size).padStart(8)}  of ${FILES} files for it`)
if (total > LIMIT || files.size > FILES) process.exit(1)
