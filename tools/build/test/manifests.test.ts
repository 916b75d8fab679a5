import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseCanisters } from '../src/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const readText = (path: string) => readFile(join(root, path), 'utf8')
const schema = async (name: string) => JSON.parse(await readFile(join(import.meta.dirname, 'fixtures', name), 'utf8'))
// Both schemas use formats of the language they were generated from (uint64 and the like), which only annotate.
const options = { strict: false, validateFormats: false, allErrors: true }

const dfx = JSON.parse(await readText('dfx.json'))
const icp = parse(await readText('icp.yaml'))
const icpCanisters = new Map<string, Record<string, never>>(icp.canisters.map((canister: { name: string }) => [canister.name, canister]))

describe('dfx.json', () => {
  test('is valid against its published schema', async () => {
    const validate = new Ajv(options).compile(await schema('dfx.json-schema.json'))
    expect(validate(dfx), JSON.stringify(validate.errors)).toBe(true)
  })

  test('a mistake in it would be found', async () => {
    const validate = new Ajv(options).compile(await schema('dfx.json-schema.json'))
    expect(validate({ ...dfx, canisters: { a: { type: 'custom', wasm: 'a.wasm' } } })).toBe(false)
  })

  test('every canister can be built, and depends only on canisters that come before it', () => {
    const seen = new Set<string>()
    for (const [name, { dependencies }] of parseCanisters(dfx)) {
      expect([...seen]).toEqual(expect.arrayContaining([...dependencies]))
      seen.add(name)
    }
    expect([...seen]).toEqual([
      'low_wasm_memory_hook',
      'low_wasm_memory_hook_wasm',
      'monitor',
      'lifecycle_hooks',
      'lifecycle_hooks_ts',
      'dashboard',
    ])
  })

  test.each(['low_wasm_memory_hook_wasm', 'monitor'])('the build command of %s leaves the module where dfx looks for it', (name) => {
    expect(dfx.canisters[name]).toMatchObject({ build: `node tools/build/build.mjs ${name}`, wasm: `.tidemark/build/${name}/${name}.wasm` })
  })

  test('nothing in it opens the fleet for a claim: that is for local deployments to ask for', () => {
    expect(JSON.stringify(dfx)).not.toContain('local_claim')
  })
})

describe('icp.yaml', () => {
  test('is valid against its published schema', async () => {
    const validate = new Ajv2020(options).compile(await schema('icp-yaml.json-schema.json'))
    expect(validate(icp), JSON.stringify(validate.errors)).toBe(true)
  })

  test('has the canisters of dfx.json', () => {
    expect([...icpCanisters.keys()]).toEqual(Object.keys(dfx.canisters))
  })

  test('sets the same memory limits', () => {
    const bytes = (value: string | number) => (typeof value === 'number' ? value : Number.parseInt(value, 10) * 2 ** 20)
    for (const [name, { initialization_values: values }] of Object.entries<{ initialization_values?: Record<string, string | number> }>(
      dfx.canisters,
    )) {
      for (const [setting, value] of Object.entries(values ?? {}))
        expect(bytes(icpCanisters.get(name)?.['settings']?.[setting] ?? 0)).toBe(bytes(value))
    }
  })

  test('installs the monitor with the same arguments', () => {
    expect(icpCanisters.get('monitor')?.['init_args']).toBe(dfx.canisters.monitor.init_arg)
  })
})

test('mops.toml pins the core package that the compiler carries', async () => {
  const bundled = JSON.parse(await readText('node_modules/motoko/packages/latest/core.json'))
  expect(await readText('mops.toml')).toContain(`core = "${String(bundled.version).replace(/^v/, '')}"`)
})
