/** The example of the README runs, and the README quotes it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

test('the example runs', { timeout: 300_000 }, () => {
  const printed = execFileSync(process.execPath, [join(root, 'examples/testing.ts')], { cwd: root, encoding: 'utf8' })
  expect(printed).toBe('heartbeats after three more rounds: 4\ncycles spent: some\nheartbeats after going back: 1\ncycles spent: none\n')
})

test('the README quotes it', () => {
  const quote = /```ts\n([^]*?)```/.exec(readFileSync(join(root, 'packages/testing/README.md'), 'utf8'))?.[1] ?? ''
  const source = readFileSync(join(root, 'examples/testing.ts'), 'utf8')
  for (const line of quote.split('\n')) expect(source).toContain(line)
})
