import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run, temporaryFolder } from '../support/terminal.ts'

/** No program listens here. */
const nowhere = '{ "networks": { "local": { "bind": "127.0.0.1:1" } }, "canisters": { "hook": { "main": "main.mo" } } }'

function project(content = nowhere) {
  const folder = temporaryFolder()
  writeFileSync(join(folder.path, 'dfx.json'), content)
  return folder
}

describe('a mistake is told in plain words, with exit code 1', () => {
  test.each([
    [['canister', 'status', 'hook'], 'Error: No network answers at http://127.0.0.1:1.', 'tidemark start'],
    [['deploy', 'hok'], 'Error: There is no canister "hok"', 'It lists: hook.'],
    [['deploy', '--argument', '(1)'], '--argument, --specified-id and --post-init are for one canister', 'Name the canister'],
    [['canister', 'id', 'hook'], 'Cannot find canister id for "hook" on network local', 'tidemark canister create hook'],
    [['canister', 'id', 'other'], 'Cannot find canister id for "other"', 'neither a canister of this project nor a principal'],
    [['canister', 'create', 'hook', '--wasm-memory-limit', '9PB'], '--wasm-memory-limit must be a number of bytes', ''],
    [['canister', 'create', 'hook', '--compute-allocation', '101'], '--compute-allocation must be a whole number from 0 to 100', ''],
    [['canister', 'start'], 'No network answers', ''],
    [['start', '--host', 'nonsense'], '"nonsense" is no address to listen on', '127.0.0.1:4943'],
    [['start', '--full-stack'], 'The full stack is not complete', 'monitor'],
    [['status'], 'No local network of this project is running.', 'tidemark start'],
    [['ping', 'moon'], 'There is no network "moon"', 'Known: ic, local.'],
    [['identity', 'get-principal', '--identity', 'bob'], 'There is no identity "bob"', ''],
    [['canister', 'call', 'hook', 'x', '--output', 'xml'], "argument 'xml' is invalid", ''],
    [['canister', 'dance'], "unknown command 'dance'", ''],
  ])('%j', async (args, what, more) => {
    using folder = project()
    const { code, err } = await run(folder.path, args, { env: { DFX_CONFIG_ROOT: folder.path } })
    expect(err).toContain(what)
    expect(err).toContain(more)
    expect(err).not.toMatch(/\n\s+at /)
    expect(code).toBe(1)
  })

  test('without a dfx.json', async () => {
    using folder = temporaryFolder()
    const { code, err } = await run(folder.path, ['deploy'])
    expect(err).toContain('There is no dfx.json in')
    expect(code).toBe(1)
  })
})

test('an id that stands on disk is printed without a network', async () => {
  using folder = project()
  writeFileSync(join(folder.path, 'canister_ids.json'), '{ "hook": { "ic": "ryjl3-tyaaa-aaaaa-aaaba-cai" } }')
  expect(await run(folder.path, ['canister', 'id', 'hook', '--network', 'ic'])).toEqual({
    code: 0,
    out: 'ryjl3-tyaaa-aaaaa-aaaba-cai\n',
    err: '',
  })
})

test('identity: the same principal every time', async () => {
  using folder = temporaryFolder()
  const first = await run(folder.path, ['identity', 'get-principal'])
  expect(first.out).toMatch(/^[a-z0-9-]{63}\n$/)
  expect(await run(folder.path, ['identity', 'get-principal'])).toEqual(first)
  expect((await run(folder.path, ['identity', 'whoami'])).out).toBe('default\n')
})

test('stop without a network is no error', async () => {
  using folder = project()
  expect(await run(folder.path, ['stop'])).toEqual({ code: 0, out: 'No local network of this project is running.\n', err: '' })
})
