import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildCanister } from '@tidemark/build'
import { expect, test } from 'vitest'
import { systemCanisters } from '../src/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')

test.each([...new Set(systemCanisters.map(({ name }) => name))])(
  '%s.did is what the compiler emits',
  async (name) => {
    const { didPath } = await buildCanister({ root, name })
    expect(readFileSync(join(root, 'canisters', name, `${name}.did`), 'utf8')).toBe(readFileSync(didPath, 'utf8'))
  },
  120_000,
)
