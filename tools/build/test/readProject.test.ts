import { expect, test } from 'vitest'
import { parseCanisters, readProject } from '../src/index.ts'
import { makeProject } from './project.ts'

const common = { name: 'a', dependencies: [], gzip: false }

test.each([
  ['motoko is the type when none is given', { main: 'a.mo' }, { kind: 'motoko', main: 'a.mo', args: [] }],
  [
    'compiler flags are split',
    { type: 'motoko', main: 'a.mo', args: ' -W=M0236  --release ' },
    { kind: 'motoko', main: 'a.mo', args: ['-W=M0236', '--release'] },
  ],
  [
    'Wasm text is known by its main file',
    { type: 'custom', main: 'a.wat', candid: 'a.did', wasm: 'x' },
    { kind: 'wat', main: 'a.wat', candid: 'a.did' },
  ],
  ['so is TypeScript', { type: 'custom', main: 'a.ts', candid: 'a.did', wasm: 'x' }, { kind: 'azle', main: 'a.ts', candid: 'a.did' }],
  ['the azle extension needs no more than main', { type: 'azle', main: 'a.ts' }, { kind: 'azle', main: 'a.ts' }],
  [
    'other custom canisters build themselves',
    { type: 'custom', candid: 'a.did', wasm: 'a.wasm', build: 'make' },
    { kind: 'command', wasm: 'a.wasm', candid: 'a.did', commands: ['make'] },
  ],
  [
    'a site has sources and commands',
    { type: 'assets', source: ['dist'], build: ['one', 'two'] },
    { kind: 'assets', sources: ['dist'], commands: ['one', 'two'] },
  ],
])('%s', (_, entry, expected) => {
  expect(parseCanisters({ canisters: { a: entry } }).get('a')).toEqual({ ...common, ...expected })
})

test('dependencies and compression are read for every type', () => {
  const spec = parseCanisters({ canisters: { a: { main: 'a.mo', dependencies: ['b'], gzip: true } } }).get('a')
  expect(spec).toMatchObject({ dependencies: ['b'], gzip: true })
})

test.each([
  ['a list instead of canisters', { canisters: [] }, '`canisters` must be an object'],
  ['no object at all', 'text', '`canisters` must be an object'],
  ['an entry that is no object', { canisters: { a: 1 } }, 'canister `a`: The entry must be an object'],
  ['no main', { canisters: { a: {} } }, 'canister `a`: `main` is missing'],
  ['a main of the wrong type', { canisters: { a: { main: 1 } } }, '`main` must be a string'],
  ['commands of the wrong type', { canisters: { a: { type: 'assets', build: [1] } } }, '`build` must be a list of strings'],
  ['an unknown type', { canisters: { a: { type: 'rust' } } }, 'Canisters of type "rust" cannot be built here'],
])('%s is refused', (_, content, message) => {
  expect(() => parseCanisters(content)).toThrow(message)
})

test('a folder without dfx.json and a broken one each get a plain message', async () => {
  const root = await makeProject({})
  await expect(readProject(root)).rejects.toThrow('There is no dfx.json')
  await expect(readProject(await makeProject({ 'dfx.json': '{' }))).rejects.toMatchObject({
    name: 'BuildError',
    position: { file: 'dfx.json' },
  })
})
