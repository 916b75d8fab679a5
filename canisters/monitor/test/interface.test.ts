import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { generate } from '@icp-sdk/bindgen/core'
import { buildCanister, readCustomSections } from '@tidemark/build'
import { monitor } from '@tidemark/bindings'
import { beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')

interface Interface {
  readonly idlFactory: IDL.InterfaceFactory
  readonly init: (args: { IDL: typeof IDL }) => IDL.Type[]
}

let served: Interface
let wasm: Uint8Array

beforeAll(async () => {
  const { wasmPath } = await buildCanister({ name: 'monitor', root })
  served = await loadInterface(wasmPath.replace(/\.wasm$/, '.served.did'))
  wasm = await readFile(wasmPath)
})

// Azle writes composite queries as queries; the export below says which they are.
const asServed = (methods: Record<string, string>) =>
  Object.fromEntries(Object.entries(methods).map(([name, type]) => [name, type.replace(' composite_query', ' query')]))

// Without recursive types, two types whose full text is the same are the same type: compatible in both directions.
test('what Azle serves has the types of monitor.did, method by method', () => {
  expect(methodsOf(served)).toEqual(asServed(methodsOf(monitor)))
  expect(initOf(served)).toEqual(initOf(monitor))
})

test('a live look is a composite query', () => {
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(wasm))).map(({ name }) => name)
  expect(exports).toContain('canister_composite_query look')
})

test('the module carries monitor.did, names and comments included, as public metadata', async () => {
  const [section] = readCustomSections(wasm).filter(({ name }) => name === 'icp:public candid:service')
  expect(new TextDecoder().decode(section?.contents)).toBe(monitor.did)
})

const methodsOf = ({ idlFactory }: Interface) =>
  Object.fromEntries(idlFactory({ IDL })._fields.map(([name, type]) => [name, type.display()]))
const initOf = ({ init }: Interface) => init({ IDL }).map((type) => type.display())

async function loadInterface(didFile: string): Promise<Interface> {
  const outDir = await mkdtemp(join(tmpdir(), 'tidemark-monitor-'))
  try {
    await generate({ didFile, outDir, output: { actor: { disabled: true }, declarations: { flat: true } } })
    const module = await readFile(join(outDir, `${basename(didFile)}.js`), 'utf8')
    const factories = module.slice(module.indexOf('export const idlFactory')).replaceAll('export const', 'const')
    return new Function(`${factories}\nreturn { idlFactory, init }`)()
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
}
