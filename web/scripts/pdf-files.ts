import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const origin = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
/** WebAssembly is not allowed by the page's content security policy: of it, only what does without. */
const WANTED = {
  cmaps: /\.bcmap$|^LICENSE/,
  standard_fonts: /\.(pfb|ttf)$|^LICENSE/,
  wasm: /_nowasm_fallback\.js$|^LICENSE_(PDFJS_)?OPENJPEG$/,
}

/** Puts beside the page what PDFs may need without carrying it themselves: fonts, tables of letters, a decoder. */
export function pdfFiles(): Plugin {
  let built = ''
  return {
    name: 'salon:pdf-files',
    configureServer: (server) => {
      server.middlewares.use('/pdf/', (request, response, next) => {
        const [folder = '', name = ''] = (request.url ?? '').slice(1).split('?')[0]!.split('/')
        if (!WANTED[folder as keyof typeof WANTED]?.test(name)) return next()
        readFile(join(origin, folder, name)).then((body) => {
          if (name.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript')
          response.end(body)
        }, next)
      })
    },
    configResolved: (config) => {
      built = config.build.outDir
    },
    // Not emitted as assets: nearly two hundred lines about them would hide what a build says.
    writeBundle: async () => {
      for (const [folder, wanted] of Object.entries(WANTED)) {
        const to = join(built, 'pdf', folder)
        await mkdir(to, { recursive: true })
        const names = (await readdir(join(origin, folder))).filter((name) => wanted.test(name))
        await Promise.all(names.map((name) => copyFile(join(origin, folder, name), join(to, name))))
      }
    },
  }
}
