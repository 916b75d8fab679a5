import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Built apart from the dashboard: the two pages live on different origins and share no script.
// The page answers under any path of its own host, so its addresses start at the root.
export default defineConfig({
  root: fileURLToPath(new URL('identity', import.meta.url)),
  base: '/',
  build: {
    target: 'es2022',
    outDir: '../dist/identity',
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false,
  },
})
