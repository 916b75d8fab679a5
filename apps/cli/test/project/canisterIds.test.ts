import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CanisterIds } from '../../src/project/canisterIds.ts'
import { temporaryFolder } from '../support/terminal.ts'

test('ids of a local network stand where dfx keeps them', () => {
  using folder = temporaryFolder()
  const ids = new CanisterIds(folder.path, 'local', false)
  ids.set('a', 'aaaaa-aa')
  ids.set('__Candid_UI', '2vxsx-fae')
  expect(JSON.parse(readFileSync(join(folder.path, '.dfx', 'local', 'canister_ids.json'), 'utf8'))).toEqual({
    a: { local: 'aaaaa-aa' },
    __Candid_UI: { local: '2vxsx-fae' },
  })
  expect(ids.entries()).toEqual([['a', 'aaaaa-aa']])
  expect(ids.nameOf('aaaaa-aa')).toBe('a')
  ids.remove('a')
  expect(new CanisterIds(folder.path, 'local', false).get('a')).toBeUndefined()
})

test('ids of a persistent network stand in the project, beside those of other networks', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'canister_ids.json')
  writeFileSync(file, '{ "a": { "ic": "aaaaa-aa", "staging": "2vxsx-fae" } }')
  const ids = new CanisterIds(folder.path, 'ic', true)
  ids.clear()
  ids.set('b', 'aaaaa-aa')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: { staging: '2vxsx-fae' }, b: { ic: 'aaaaa-aa' } })
})

test('two commands that record ids at the same time keep both', () => {
  using folder = temporaryFolder()
  const [first, second] = [new CanisterIds(folder.path, 'local', false), new CanisterIds(folder.path, 'local', false)]
  first.set('a', 'aaaaa-aa')
  second.set('b', '2vxsx-fae')
  expect(new CanisterIds(folder.path, 'local', false).entries()).toHaveLength(2)
})

test('a damaged file is named', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'canister_ids.json')
  writeFileSync(file, 'oops')
  expect(() => new CanisterIds(folder.path, 'ic', true)).toThrow(`${file} is no JSON.`)
})
