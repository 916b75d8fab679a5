import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { buildCanister, readCustomSections } from '../src/index.ts'
import { makeProject } from './project.ts'

const project = (main: string, more: Readonly<Record<string, unknown>> = {}) =>
  makeProject({
    'dfx.json': { canisters: { a: { main: 'src/main.mo', args: '--default-persistent-actors' } } },
    'src/main.mo': main,
    ...more,
  })

describe('a Motoko program', () => {
  test('is compiled with the core package, local packages and the metadata that clients read', async () => {
    const root = await project(
      'import List "mo:core/List"; import Two "mo:two/Two"; actor { public query func a() : async Nat { List.size(List.fromArray<Nat>([1, Two.two])) } }',
      {
        'mops.toml': '[dependencies]\ncore = "2.5.0"\ntwo = "./two"\n',
        'two/src/Two.mo': 'module { public let two = 2 }',
      },
    )
    const { wasmPath, didPath } = await buildCanister({ name: 'a', root })
    expect(await readFile(didPath, 'utf8')).toContain('a: () -> (nat) query')
    const names = readCustomSections(await readFile(wasmPath)).map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'icp:public candid:service',
        'icp:public candid:args',
        'icp:private motoko:stable-types',
        'icp:private enhanced-orthogonal-persistence',
      ]),
    )
  })

  test.each([
    ['with a type error', 'actor {\n  let x : Nat = "text";\n}', { file: 'src/main.mo', line: 2 }, /M0050/],
    ['with a syntax error', 'actor {\n  let = 1\n}', { file: 'src/main.mo', line: 2 }, /M0001/],
    ['that imports what is not there', 'import A "a";\nactor {}', { file: 'src/main.mo', line: 1 }, /M0009|M0011/],
  ])('%s says where and what', async (_, main, position, message) => {
    const root = await project(main)
    await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({
      name: 'BuildError',
      position,
      message: expect.stringMatching(message),
    })
  })

  test('with an error in a file it imports names that file', async () => {
    const root = await project('import B "b"; actor { let x = B.x; }', { 'src/b.mo': 'module {\n\n  public let x : Nat = -1;\n}' })
    await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({ position: { file: 'src/b.mo', line: 3 } })
  })

  test('with a flag the compiler does not know is an error, not a crash', async () => {
    const root = await makeProject({
      'dfx.json': { canisters: { a: { main: 'main.mo', args: '--no-such-flag' } } },
      'main.mo': 'persistent actor {}',
    })
    await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({
      name: 'BuildError',
      message: expect.stringContaining('no-such-flag'),
    })
  })

  test('that is missing is an error of dfx.json', async () => {
    const root = await makeProject({ 'dfx.json': { canisters: { a: { main: 'nowhere.mo' } } } })
    await expect(buildCanister({ name: 'a', root })).rejects.toMatchObject({ message: 'There is no nowhere.mo.' })
  })
})
