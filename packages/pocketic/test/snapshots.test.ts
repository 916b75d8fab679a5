/** Snapshots of canisters in folders, as the Rust client copies them. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Principal } from '@tidemark/types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { program } from '../../../tests/support/index.ts'
import type { JsonValue } from '../src/wire/json.ts'
import { base64, type Client, createClient, createFixture, type Fixture } from './support/client.ts'

let folder: string
let client: Client

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pocketic-snapshots-'))
  client = createClient()
})
afterEach(async () => {
  await client.close()
  rmSync(folder, { recursive: true, force: true })
})

const anonymous = { principal_id: 'BA==' }
const stranger = Principal.fromBytes(new Uint8Array([1, 2, 3, 1]))

function ask(fixture: Fixture, name: 'download' | 'upload', fields: { readonly [name: string]: JsonValue }) {
  const canister = { canister_id: base64(fixture.canisterId.bytes) }
  return client.post(`${fixture.path}/update/canister_snapshot_${name}`, { sender: anonymous, canister_id: canister, ...fields })
}

/** The id of a fresh snapshot. */
async function take({ manage }: Fixture): Promise<Uint8Array> {
  const absent = { replace_snapshot: [], uninstall_code: [], sender_canister_version: [] }
  return ((await manage('take_canister_snapshot', absent)) as { id: Uint8Array }).id
}

async function download(fixture: Fixture, id: Uint8Array, name: string): Promise<string> {
  const target = join(folder, name)
  expect(await ask(fixture, 'download', { snapshot_id: base64(id), snapshot_dir: target })).toEqual({ status: 200, body: null })
  return target
}

async function upload(fixture: Fixture, source: string, replaced?: Uint8Array): Promise<Uint8Array> {
  const replace = replaced === undefined ? null : { snapshot_id: base64(replaced) }
  const { status, body } = await ask(fixture, 'upload', { replace_snapshot: replace, snapshot_dir: source })
  expect({ status, body }).toEqual({ status: 200, body: { snapshot_id: expect.any(String) } })
  return Uint8Array.from(Buffer.from((body as { snapshot_id: string }).snapshot_id, 'base64'))
}

function filesIn(path: string): Record<string, Buffer> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = names.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return Object.fromEntries(paths.map((each) => [each.slice(path.length + 1).replaceAll('\\', '/'), readFileSync(each)]))
}

function metadataIn(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(path, 'metadata.json'), 'utf8')) as Record<string, unknown>
}

async function stableMemory({ path, canisterId }: Fixture): Promise<unknown> {
  return (await client.post(`${path}/read/get_stable_memory`, { canister_id: base64(canisterId.bytes) })).body
}

describe('a snapshot with stable memory of several slices and chunks', () => {
  let fixture: Fixture
  let downloaded: string

  beforeEach(async () => {
    fixture = await createFixture(client, program().setState('kept'))
    await fixture.update(
      program()
        .sys('stable64_grow', 42n)
        .op('drop')
        .sys('stable_write', 1_999_990, 'across two slices')
        .sys('certified_data_set', 'certified')
        .reply(),
    )
    for (const byte of [0, 1]) await fixture.manage('upload_chunk', { chunk: new Uint8Array(1 << (20 - byte)).fill(byte) })
    downloaded = await download(fixture, await take(fixture), 'new/folder')
  })

  test('has a file for each part', async () => {
    expect(Object.entries(filesIn(downloaded)).map(([name, { length }]) => [name, length])).toEqual([
      ['metadata.json', expect.any(Number)],
      ['stable_memory.bin', 42 * 65_536],
      [expect.stringMatching(/^wasm_chunk_store\/[0-9a-f]{64}\.bin$/), expect.any(Number)],
      [expect.stringMatching(/^wasm_chunk_store\/[0-9a-f]{64}\.bin$/), expect.any(Number)],
      ['wasm_memory.bin', expect.any(Number)],
      ['wasm_module.bin', expect.any(Number)],
    ])
    expect(metadataIn(downloaded)).toEqual({
      source: { taken_from_canister: null },
      taken_at_timestamp: expect.any(Number),
      wasm_module_size: filesIn(downloaded)['wasm_module.bin']?.length,
      globals: expect.any(Array),
      wasm_memory_size: filesIn(downloaded)['wasm_memory.bin']?.length,
      stable_memory_size: 42 * 65_536,
      wasm_chunk_store: [{ hash: expect.any(Array) }, { hash: expect.any(Array) }],
      canister_version: expect.any(Number),
      certified_data: [...Buffer.from('certified')],
      global_timer: 'inactive',
      on_low_wasm_memory_hook_status: 'condition_not_satisfied',
    })
    expect(readFileSync(join(downloaded, 'metadata.json'), 'utf8')).toMatch(
      /^\{\n {2}"source": \{\n {4}"taken_from_canister": null\n {2}\},\n/,
    )
  })

  test('makes a canister of another instance the same', async () => {
    const other = await createFixture(client, program().setState('another'))
    await other.manage('load_canister_snapshot', { snapshot_id: await upload(other, downloaded), sender_canister_version: [] })
    expect(Buffer.from(await other.query(program().replyState())).toString()).toBe('kept')
    expect(await stableMemory(other)).toEqual(await stableMemory(fixture))
    expect(await other.manage('stored_chunks')).toEqual(await fixture.manage('stored_chunks'))
  })

  test('is downloaded again as it was uploaded', async () => {
    const again = await download(fixture, await upload(fixture, downloaded), 'again')
    const { 'metadata.json': _before, ...before } = filesIn(downloaded)
    const { 'metadata.json': _after, ...after } = filesIn(again)
    expect(after).toEqual(before)
    expect(metadataIn(again)).toEqual({
      ...metadataIn(downloaded),
      source: { metadata_upload: null },
      taken_at_timestamp: expect.any(Number),
    })
  })

  test('replaces another one', async () => {
    const replaced = await take(fixture)
    const uploaded = await upload(fixture, downloaded, replaced)
    const ids = ((await fixture.manage('list_canister_snapshots')) as { id: Uint8Array }[]).map(({ id }) => base64(id))
    expect(ids).toContain(base64(uploaded))
    expect(ids).not.toContain(base64(replaced))
  })

  test.each([
    ['no metadata', 'metadata.json', 'Could not read metadata file: No such file or directory (os error 2)'],
    ['no module', 'wasm_module.bin', 'Could not open WASM module file: No such file or directory (os error 2)'],
    ['no heap', 'wasm_memory.bin', 'Could not open WASM memory file: No such file or directory (os error 2)'],
    ['no stable memory', 'stable_memory.bin', 'Could not open stable memory file: No such file or directory (os error 2)'],
    ['no chunks', 'wasm_chunk_store', 'Could not read WASM chunk: No such file or directory (os error 2)'],
  ])('is not uploaded with %s', async (_case, name, reason) => {
    rmSync(join(downloaded, name), { recursive: true })
    expect(await ask(fixture, 'upload', { replace_snapshot: null, snapshot_dir: downloaded })).toEqual(failure(reason))
  })

  test('is not uploaded with a file that is too short', async () => {
    truncateSync(join(downloaded, 'stable_memory.bin'), 2_500_000)
    const reason = 'Could not read stable memory file: failed to fill whole buffer'
    expect(await ask(fixture, 'upload', { snapshot_dir: downloaded })).toEqual(failure(reason))
  })

  test.each<[string, string, RegExp]>([
    ['a text that is no JSON', '{', /^CanisterSnapshotError\("Could not parse metadata file: /],
    ['members missing', '{}', /Could not parse metadata file: missing field `wasm_module_size`/],
  ])('is not uploaded with metadata that have %s', async (_case, text, message) => {
    writeFileSync(join(downloaded, 'metadata.json'), text)
    const { status, body } = await ask(fixture, 'upload', { snapshot_dir: downloaded })
    expect({ status, body }).toEqual({ status: 400, body: { message: expect.stringMatching(message) } })
  })
})

test('what a canister does not have gets no file', async () => {
  const fixture = await createFixture(client)
  const downloaded = await download(fixture, await take(fixture), 'small')
  expect(Object.keys(filesIn(downloaded))).toEqual(['metadata.json', 'wasm_memory.bin', 'wasm_module.bin'])
  await upload(fixture, downloaded)
})

test('an empty folder takes a snapshot; one with files, or a file, does not', async () => {
  const fixture = await createFixture(client)
  const id = await take(fixture)
  mkdirSync(join(folder, 'empty'))
  await download(fixture, id, 'empty')
  expect(await ask(fixture, 'download', { snapshot_id: base64(id), snapshot_dir: join(folder, 'empty') })).toEqual({
    status: 400,
    body: { message: 'InvalidCanisterSnapshotDirectory("Snapshot directory is not empty")' },
  })
  writeFileSync(join(folder, 'file'), '')
  expect(await ask(fixture, 'download', { snapshot_id: base64(id), snapshot_dir: join(folder, 'file') })).toEqual({
    status: 400,
    body: {
      message: expect.stringMatching(/^InvalidCanisterSnapshotDirectory\("Could not create snapshot directory: .*\(os error 17\)"\)$/),
    },
  })
})

test('only a controller copies snapshots', async () => {
  const fixture = await createFixture(client)
  const id = await take(fixture)
  const downloaded = await download(fixture, id, 'mine')
  const theirs = { sender: { principal_id: base64(stranger.bytes) } }
  const target = join(folder, 'theirs')
  expect(await ask(fixture, 'download', { ...theirs, snapshot_id: base64(id), snapshot_dir: target })).toEqual(
    failure(`Caller ${stranger.toText()} is not allowed to call ic00 method read_canister_snapshot_metadata`),
  )
  expect(existsSync(join(target, 'metadata.json'))).toBe(false)
  expect(await ask(fixture, 'upload', { ...theirs, snapshot_dir: downloaded })).toEqual(
    failure(`Only controllers of canister ${fixture.canisterId.toText()} can call ic00 method upload_canister_snapshot_metadata`),
  )
  expect(await fixture.manage('list_canister_snapshots')).toHaveLength(1)
})

describe('what is not there is refused', () => {
  test('a canister that no subnet has', async () => {
    const fixture = await createFixture(client)
    const refusal = {
      status: 400,
      body: { message: 'CanisterRequestRoutingError("Canister rwlgt-iiaaa-aaaaa-aaaaa-cai does not belong to any subnet.")' },
    }
    const canister = { canister_id: { canister_id: 'AAAAAAAAAAABAQ==' }, snapshot_dir: join(folder, 'none') }
    expect(await ask(fixture, 'download', { ...canister, snapshot_id: base64(new Uint8Array(18)) })).toEqual(refusal)
    expect(await ask(fixture, 'upload', canister)).toEqual(refusal)
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  test('a canister that its subnet does not have', async () => {
    const fixture = await createFixture(client)
    const id = await take(fixture)
    const target = await download(fixture, id, 'there')
    const bytes = fixture.canisterId.bytes.slice()
    bytes[7] = (bytes[7] ?? 0) + 100
    const canister = { canister_id: { canister_id: base64(bytes) } }
    const reason = `Canister ${Principal.fromBytes(bytes).toText()} not found`
    const refusal = { status: 400, body: { message: expect.stringContaining(reason) } }
    expect(await ask(fixture, 'download', { ...canister, snapshot_id: base64(id), snapshot_dir: join(folder, 'new') })).toEqual(refusal)
    expect(await ask(fixture, 'upload', { ...canister, snapshot_dir: target })).toEqual(refusal)
  })

  test('a snapshot', async () => {
    const fixture = await createFixture(client)
    const id = await take(fixture)
    await fixture.manage('delete_canister_snapshot', { snapshot_id: id })
    const answer = await ask(fixture, 'download', { snapshot_id: base64(id), snapshot_dir: join(folder, 'new') })
    expect(answer).toEqual({ status: 400, body: { message: expect.stringMatching(/^CanisterSnapshotError\(".*not find the snapshot/i) } })
  })
})

function failure(reason: string) {
  return { status: 400, body: { message: `CanisterSnapshotError("${reason}")` } }
}
