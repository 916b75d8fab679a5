import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)

test('the billing example runs, and the billing page quotes what it prints', () => {
  const printed = execFileSync(process.execPath, [fileURLToPath(new URL('examples/billing.ts', root))], { encoding: 'utf8' })
  expect(printed).toContain('100 GiB allocated, 96 GiB used')
  const page = readFileSync(new URL('docs/billing.md', root), 'utf8')
  const quoted = /```text\n(.*?)```/s.exec(page)?.[1]
  expect(quoted).toBe(printed)
})
