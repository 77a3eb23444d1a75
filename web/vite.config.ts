import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { pdfFiles } from './scripts/pdf-files.ts'
import { precompress } from './scripts/precompress.ts'

const server = process.env['SALON_SERVER'] ?? 'http://127.0.0.1:8000'

/**
 * Files of their own for what several pages share. Without them each icon and each component that two pages have in common
 * would be one: more than a hundred requests for a room, six at a time, from a phone in a full hall.
 */
const groups = [
  // Charts are drawn by few pages and weigh as much as all else: never with the first load.
  { name: 'chart', test: /node_modules\/(chart\.js|@kurkle)\//, priority: 3 },
  { name: 'vue', test: /node_modules\/(@vue|vue|vue-router|pinia|@vueuse)\//, priority: 2 },
  { name: 'icons', test: /node_modules\/@lucide\//, minShareCount: 2, priority: 2 },
  { name: 'kit', test: /node_modules\//, minShareCount: 2, priority: 1 },
  { name: 'base', test: /\/src\/(core|design)\//, minShareCount: 2 },
  // Calls and study are large, and what their panels share is theirs alone.
  { name: 'parts', test: /\/src\/(features|pages)\/(?!polls\/results\/|call\/|study\/)/, minShareCount: 3 },
]

export default defineConfig({
  plugins: [vue(), tailwind(), pdfFiles(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    // The server takes changes from its own pages only: to it, the development server is one.
    proxy: {
      '/api': { target: server, headers: { origin: server } },
      '/socket.io': { target: server, ws: true, headers: { origin: server } },
    },
  },
  build: {
    // The Python package carries the page; its server is what serves it.
    outDir: '../src/salon/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // Small files as data: URLs would be blocked by the page's content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] },
})
