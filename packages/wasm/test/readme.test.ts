/** The example of the README runs as it stands there. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as wasm from '../src/index.ts'

test('the example of the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  const body = code.replace(/import \{(.*)\} from '@tidemark\/wasm'/, 'const {$1} = wasm')
  const run = new Function('wasm', `${body}; return told`) as (library: typeof wasm) => unknown[]
  const told = run(wasm)
  expect(told).toEqual(['count took 7 instructions', 'forever: out of instructions', 'count took 7 instructions', 2])
  expect(code).toContain(`// told: ${told.map((item) => (typeof item === 'string' ? `'${item}'` : String(item))).join(', ')}`)
})
