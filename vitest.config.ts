import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { nodeFlags } from './tools/run/runtime.mjs'

// One configuration for every workspace; each is run from its own folder by turbo.
export default defineConfig({
  test: {
    include: [
      'test/**/*.test.ts',
      'src/**/*.test.ts',
      'e2e/**/*.test.ts',
      'conformance/**/*.test.ts',
      'motoko/**/*.test.ts',
      'hooks/**/*.test.ts',
      'billing/**/*.test.ts',
      'clients/**/*.test.ts',
    ],
    setupFiles: [fileURLToPath(new URL('vitest.setup.ts', import.meta.url))],
    passWithNoTests: true,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
    pool: 'forks',
    execArgv: nodeFlags,
    // Compilers run in some tests: a busy machine takes minutes for what else takes seconds.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
})
