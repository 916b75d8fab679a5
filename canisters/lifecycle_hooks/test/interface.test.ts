import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lifecycleHooksExample } from '@tidemark/bindings'
import { buildCanister } from '@tidemark/build'
import { expect, test } from 'vitest'

test('the checked-in interface, and the bindings, are what the compiler emits', async () => {
  const { didPath } = await buildCanister({ name: 'lifecycle_hooks', root: join(import.meta.dirname, '..', '..', '..') })
  const emitted = await readFile(didPath, 'utf8')
  expect(await readFile(join(import.meta.dirname, '..', 'lifecycle_hooks.did'), 'utf8')).toBe(emitted)
  expect(lifecycleHooksExample.did).toBe(emitted)
})
