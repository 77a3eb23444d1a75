import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)
const TEXT = new Set(['.js', '.mjs', '.css', '.html', '.svg', '.json', '.webmanifest', '.wasm'])
// Below about one packet nothing is won by compressing.
const WORTHWHILE = 1024
// Above it the last few bytes cost more time than the whole rest of a build.
const LARGE = 1024 * 1024

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function siblings(path: string): Promise<void> {
  const body = await readFile(path)
  if (body.length < WORTHWHILE) return
  const quality = body.length > LARGE ? 9 : 11
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  }
  await Promise.all([
    brotli(body, { params }).then((packed) => writeFile(`${path}.br`, packed)),
    zip(body, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
  ])
}

/** Writes `.br` and `.gz` beside each text file of the build, so that the server never compresses anything itself. */
export function precompress(): Plugin {
  let folder = ''
  return {
    name: 'salon:precompress',
    apply: 'build',
    configResolved: (config) => {
      folder = config.build.outDir
    },
    closeBundle: async () => {
      const text = (await files(folder)).filter((path) => TEXT.has(extname(path)))
      await Promise.all(text.map(siblings))
    },
  }
}
