import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { buildAll, buildCanister, type BuildProgress, readCustomSections } from '../src/index.ts'
import { makeProject, writeFiles } from './project.ts'

const wat = '(module (memory (export "memory") 1))'
const did = 'service : {}\n'
const watEntry = (name: string) => ({ type: 'custom', main: `${name}.wat`, candid: 'a.did', wasm: `.tidemark/build/${name}/${name}.wasm` })
const watProject = { 'dfx.json': { canisters: { a: watEntry('a') } }, 'a.wat': wat, 'a.did': did }
const metadataOf = async (path: string) =>
  readCustomSections(await readFile(path)).map(({ name, contents }) => [name, new TextDecoder().decode(contents)])

describe('reusing earlier builds', () => {
  test('nothing changed: the same files, and quickly', async () => {
    const root = await makeProject(watProject)
    const first = await buildCanister({ name: 'a', root })
    const steps: BuildProgress[] = []
    const second = await buildCanister({ name: 'a', root, onProgress: (progress) => steps.push(progress) })
    expect(first.reused).toBe(false)
    expect(second).toEqual({ ...first, reused: true })
    expect(steps.map(({ canister, step }) => [canister, step])).toEqual([
      ['a', 'started'],
      ['a', 'reused'],
    ])
  })

  test.each([
    ['a source changes', async (root: string) => writeFiles(root, { 'a.wat': '(module (memory 2))' })],
    ['the interface changes', async (root: string) => writeFiles(root, { 'a.did': 'service : { a : () -> () }' })],
    [
      'the entry in dfx.json changes',
      async (root: string) => writeFiles(root, { 'dfx.json': { canisters: { a: { ...watEntry('a'), gzip: true } } } }),
    ],
    ['the module was damaged', async (root: string) => writeFiles(root, { '.tidemark/build/a/a.wasm': 'damaged' })],
    ['the record was damaged', async (root: string) => writeFiles(root, { '.tidemark/build/a/build.json': '{"fingerprint"' })],
  ])('not when %s', async (_, change) => {
    const root = await makeProject(watProject)
    await buildCanister({ name: 'a', root })
    await change(root)
    expect((await buildCanister({ name: 'a', root })).reused).toBe(false)
    expect((await buildCanister({ name: 'a', root })).reused).toBe(true)
  })

  test('two builds of the same canister at once both give a whole result', async () => {
    const root = await makeProject(watProject)
    const [one, two] = await Promise.all([buildCanister({ name: 'a', root }), buildCanister({ name: 'a', root })])
    expect(one.moduleHash).toBe(two.moduleHash)
    expect((await readdir(join(root, '.tidemark/build/a'))).sort()).toEqual(['a.did', 'a.wasm', 'build.json'])
  })
})

describe('Wasm text', () => {
  test('becomes a module with its interface as public metadata', async () => {
    const root = await makeProject(watProject)
    const { wasmPath, didPath } = await buildCanister({ name: 'a', root })
    expect(await metadataOf(wasmPath)).toEqual([['icp:public candid:service', did]])
    expect(await readFile(didPath, 'utf8')).toBe(did)
  })

  test('is also kept compressed when dfx.json asks for it', async () => {
    const root = await makeProject({ ...watProject, 'dfx.json': { canisters: { a: { ...watEntry('a'), gzip: true } } } })
    const { wasmPath, gzip } = await buildCanister({ name: 'a', root })
    expect(gunzipSync(await readFile(gzip ?? ''))).toEqual(await readFile(wasmPath))
  })

  test.each([
    ['does not parse', '(module\n  (func (nonsense)))', { file: 'a.wat', line: 2 }],
    ['does not validate', '(module\n  (func (result i32)))', { file: 'a.wat' }],
  ])('that %s says where', async (_, text, position) => {
    const root = await makeProject({ ...watProject, 'a.wat': text })
    await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({ name: 'BuildError', canister: 'a', position })
  })

  test('that is not there says which entry is wrong', async () => {
    const root = await makeProject({ 'dfx.json': { canisters: { a: watEntry('a') } }, 'a.did': did })
    await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({
      message: 'There is no a.wat.',
      remedy: expect.stringContaining('dfx.json'),
    })
  })
})

describe('commands', () => {
  const project = (build: string[]) => ({
    'dfx.json': { canisters: { a: { type: 'custom', candid: 'a/a.did', wasm: 'out.wasm', build } } },
    'a/a.did': did,
    'a/package.json': {},
  })
  const makeModule = `node -e "fs.writeFileSync('out.wasm', Buffer.from('0061736d01000000', 'hex'))"`

  test('make the module, which gets the metadata', async () => {
    const root = await makeProject(project([makeModule]))
    const { wasmPath } = await buildCanister({ name: 'a', root })
    expect(await metadataOf(wasmPath)).toEqual([['icp:public candid:service', did]])
  })

  test.each([
    ['fails', ['node -e "console.error(\'no such colour\'); process.exit(3)"'], /ended with code 3.\n.*no such colour/],
    ['makes no module', ['node -e 0'], /left no out.wasm/],
    ['makes something else', [`node -e "fs.writeFileSync('out.wasm', 'hello')"`], /no valid Wasm module/],
  ])('a command that %s is reported', async (_, build, message) => {
    const root = await makeProject(project(build))
    await expect(buildCanister({ name: 'a', root })).rejects.toThrow(message)
  })
})

describe('several canisters', () => {
  test('come back in the order asked for', async () => {
    const root = await makeProject({ ...watProject, 'b.wat': wat, 'dfx.json': { canisters: { a: watEntry('a'), b: watEntry('b') } } })
    expect((await buildAll({ root, names: ['b', 'a'] })).map(({ name }) => name)).toEqual(['b', 'a'])
    expect((await buildAll({ root })).map(({ name, reused }) => [name, reused])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })

  test('the first failure is reported', async () => {
    const root = await makeProject({
      ...watProject,
      'b.wat': 'nonsense',
      'dfx.json': { canisters: { a: watEntry('a'), b: watEntry('b') } },
    })
    await expect(buildAll({ root })).rejects.toMatchObject({ canister: 'b' })
  })

  test('a name nobody knows is told what there is', async () => {
    const root = await makeProject(watProject)
    await expect(buildCanister({ name: 'c', root })).rejects.toMatchObject({
      message: 'There is no canister `c` in dfx.json.',
      remedy: 'It has: a.',
    })
  })
})

test('an error is shown as file, line, column, message, then the remedy', async () => {
  const root = await makeProject({ ...watProject, 'a.wat': '(module\n  (func (nonsense)))' })
  const error: unknown = await buildCanister({ name: 'a', root }).catch((caught: unknown) => caught)
  expect(error).toHaveProperty('describe')
  const text = error instanceof Error && 'describe' in error && typeof error.describe === 'function' ? String(error.describe()) : ''
  expect(text).toMatch(/^a\.wat:2:\d+: .+\nCorrect a\.wat/)
  await writeFile(join(root, 'a.wat'), wat)
  expect((await buildCanister({ name: 'a', root })).reused).toBe(false)
})
