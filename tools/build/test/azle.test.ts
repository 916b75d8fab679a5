import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildCanister, readCustomSections } from '../src/index.ts'
import { makeProject } from './project.ts'

async function project(main: string, candid?: string): Promise<string> {
  const root = await makeProject({
    'dfx.json': { canisters: { a: { type: 'custom', main: 'src/index.ts', candid: 'a.did', wasm: '.tidemark/build/a/a.wasm' } } },
    'package.json': {},
    'src/index.ts': main,
    ...(candid === undefined ? {} : { 'a.did': candid }),
  })
  await symlink(join(import.meta.dirname, '..', '..', '..', 'node_modules'), join(root, 'node_modules'), 'junction')
  return root
}

test('a TypeScript canister is built with the interface written by hand, and what Azle serves is kept beside it', async () => {
  // The template runs the program once to learn its methods, so it is enough to tell it that there are none.
  const root = await project('export default class Empty {}', 'service : {} // by hand\n')
  const { wasmPath } = await buildCanister({ name: 'a', root })
  const [metadata] = readCustomSections(await readFile(wasmPath)).filter(({ name }) => name === 'icp:public candid:service')
  expect(new TextDecoder().decode(metadata?.contents)).toBe('service : {} // by hand\n')
  expect(await readFile(wasmPath.replace('.wasm', '.served.did'), 'utf8')).toMatch(/^service: \(\) -> \{\s*\}/)
})

test('the same program gives the same module in every folder', async () => {
  const roots = await Promise.all([
    project('export default class Empty {}', 'service : {}'),
    project('export default class Empty {}', 'service : {}'),
  ])
  const [one, two] = await Promise.all(roots.map((root) => buildCanister({ name: 'a', root })))
  expect(one?.moduleHash).toBe(two?.moduleHash)
})

test.each([
  ['that does not parse', 'export default class A {\n  oops(\n', { file: 'src/index.ts', line: 3 }],
  ['that has no canister class', 'export const a = 1', { file: 'src/index.ts' }],
])('a program %s says where', async (_, main, position) => {
  const root = await project(main, 'service : {}')
  await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({ name: 'BuildError', position })
})

test('an interface that is missing is an error of dfx.json', async () => {
  const root = await project('export default class Empty {}')
  await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({ message: 'There is no a.did.' })
})
