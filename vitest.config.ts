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
    passWithNoTests: true,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
    pool: 'forks',
    execArgv: nodeFlags,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
