import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Built apart from the dashboard: the page has an origin of its own, at whose root it answers.
export default defineConfig({
  root: fileURLToPath(new URL('candid', import.meta.url)),
  base: '/',
  build: {
    target: 'es2022',
    outDir: '../dist/candid',
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false,
  },
})
