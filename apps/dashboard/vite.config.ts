import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// One script and one style sheet, by relative address: an asset canister may serve the page under any origin, and a
// script that imports a second one would lose the `?canisterId=` that its address is resolved by.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false,
  },
})
