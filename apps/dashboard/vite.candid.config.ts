import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Built apart from the dashboard: the page has origins of its own. Addresses are relative, and there is one script, so that
// it can be asked for by `?canisterId=` and served by an asset canister.
export default defineConfig({
  root: fileURLToPath(new URL('candid', import.meta.url)),
  base: './',
  build: {
    target: 'es2022',
    outDir: '../dist/candid',
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false,
  },
})
