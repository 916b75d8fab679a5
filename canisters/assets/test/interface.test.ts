import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { IDL } from '@dfinity/candid'
import { generate } from '@icp-sdk/bindgen/core'
import { assets } from '@tidemark/bindings'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canister } from './support/site.ts'

interface Declarations {
  idlFactory: IDL.InterfaceFactory
  init: (args: { IDL: typeof IDL }) => IDL.Type[]
}

let emitted: Declarations
const folder = mkdtempSync(join(tmpdir(), 'assets-interface-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  const didFile = join(folder, 'emitted.did')
  writeFileSync(didFile, canister.did)
  await generate({ didFile, outDir: folder, output: { actor: { disabled: true }, declarations: { typescript: false, flat: true } } })
  // The module gets its Candid library as an argument; without its import it loads from anywhere.
  const source = readFileSync(join(folder, 'emitted.did.js'), 'utf8').replace(/^import .*$/m, '')
  const inner = source.indexOf('export const idlFactory')
  writeFileSync(join(folder, 'emitted.mjs'), source.slice(inner))
  emitted = (await import(pathToFileURL(join(folder, 'emitted.mjs')).href)) as Declarations
})

const signatures = (factory: IDL.InterfaceFactory): Record<string, string> =>
  Object.fromEntries(factory({ IDL })._fields.map(([name, type]) => [name, type.display()]))

test('assets.did says what the compiler emits, method by method', () => {
  expect(signatures(assets.idlFactory)).toEqual(signatures(emitted.idlFactory))
})

test('assets.did says which installation argument the compiler expects', () => {
  const display = (types: IDL.Type[]): string[] => types.map((type) => type.display())
  expect(display(assets.init({ IDL }))).toEqual(display(emitted.init({ IDL })))
})

test('the module carries its interface as public metadata', () => {
  const module = new WebAssembly.Module(canister.wasm)
  const [service] = WebAssembly.Module.customSections(module, 'icp:public candid:service')
  expect(new TextDecoder().decode(service)).toContain('http_request')
})
