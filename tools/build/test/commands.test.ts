import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../src/run.ts'
import { makeProject } from './project.ts'

const script = (name: string) => join(import.meta.dirname, '..', 'src', name)
const node = (name: string, args: readonly string[], cwd: string) => run({ program: process.execPath, args: [script(name), ...args], cwd })

const dfx = { canisters: { a: { type: 'custom', main: 'a.wat', candid: 'a.did', wasm: 'a.wasm' } } }

test('the command builds what is named and says where it is', async () => {
  const root = await makeProject({ 'dfx.json': dfx, 'a.wat': '(module)', 'a.did': 'service : {}' })
  const { code, output } = await node('main.ts', ['a'], root)
  expect({ code, output }).toMatchObject({
    code: 0,
    output: expect.stringMatching(/a: built in .* s\na: \.tidemark.build.a.a\.wasm sha256 [0-9a-f]{64}/),
  })
})

test('a module can be copied to where icp wants it', async () => {
  const root = await makeProject({ 'dfx.json': dfx, 'a.wat': '(module)', 'a.did': 'service : {}' })
  expect((await node('main.ts', ['a', '--output', 'copy.wasm'], root)).code).toBe(0)
  expect(await readFile(join(root, 'copy.wasm'))).toEqual(await readFile(join(root, '.tidemark/build/a/a.wasm')))
  expect((await node('main.ts', ['--output', 'copy.wasm'], root)).output).toContain('Name one canister')
})

test('a failed build ends with a plain message and a code that is not 0', async () => {
  const root = await makeProject({ 'dfx.json': dfx, 'a.wat': '(module (oops))', 'a.did': 'service : {}' })
  const { code, output } = await node('main.ts', ['a'], root)
  expect(code).toBe(1)
  expect(output).toMatch(/a\.wat:1:\d+: .*\nCorrect a\.wat and run the command again\.\n$/)
})

test('Motoko files are checked, formatted, and then found in order', async () => {
  const root = await makeProject({ 'src/main.mo': 'persistent   actor {let x=1;};\n', 'node_modules/other/main.mo': 'actor   {}' })
  const checked = await node('formatMotoko.ts', ['--check'], root)
  expect(checked.code).toBe(1)
  expect(checked.output).toContain('src/main.mo is not formatted')
  expect(checked.output).toContain('1 Motoko file is not formatted: run `npm run format`.')
  expect((await node('formatMotoko.ts', [], root)).code).toBe(0)
  expect(await readFile(join(root, 'src/main.mo'), 'utf8')).toContain('persistent actor { let x = 1 }')
  expect((await node('formatMotoko.ts', ['--check'], root)).code).toBe(0)
})
