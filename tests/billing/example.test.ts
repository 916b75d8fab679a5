/** The example of the page on memory runs, and the page quotes what it prints. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)

test('the memory example runs, and the page on memory quotes what it prints', () => {
  const printed = execFileSync(process.execPath, [fileURLToPath(new URL('examples/memoryAllocation.ts', root))], { encoding: 'utf8' })
  expect(printed).toContain('6 GiB more: granted      104 GiB used')
  const page = readFileSync(new URL('docs/memory.md', root), 'utf8')
  expect(/```text\n(.*?)```/s.exec(page)?.[1]).toBe(printed)
})
