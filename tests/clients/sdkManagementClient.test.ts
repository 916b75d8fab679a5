/** The management client of the present software development kit, unmodified: what the older one does not know yet. */
import { IcManagementCanister } from '@icp-sdk/canisters/ic-management'
import { HttpAgent } from '@icp-sdk/core/agent'
import { Ed25519KeyIdentity } from '@icp-sdk/core/identity'
import type { Principal } from '@icp-sdk/core/principal'
import type { LiveDriver } from '@tidemark/http'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { program, universalCanister } from '../support/index.ts'
import { type LiveNetwork, liveNetwork } from './liveNetwork.ts'

const wasm = universalCanister()
/** The client's own type of logs is unknown to it where another client shares its packages. */
type LogRecord = { readonly content: Iterable<number> }

let live: LiveNetwork
let driver: LiveDriver
let client: IcManagementCanister
let id: Principal

const clientOf = async (identity?: Ed25519KeyIdentity) =>
  IcManagementCanister.create({ agent: await HttpAgent.create({ ...live.agentOptions, ...(identity === undefined ? {} : { identity }) }) })

beforeEach(async () => {
  live = liveNetwork()
  driver = live.driver
  client = await clientOf(Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7)))
  id = await client.provisionalCreateCanisterWithCycles({ amount: 50_000_000_000_000n })
  const arg = program().sys('debug_print', 'hello').sys('stable64_grow', 1).op('drop').bytes()
  await client.installCode({ mode: { install: null }, canisterId: id, wasmModule: wasm, arg })
})
afterEach(() => driver.stop())

describe('@icp-sdk/canisters 3.6.0', () => {
  test('reads the status by update and by query, with every setting of today', async () => {
    await client.updateSettings({
      canisterId: id,
      settings: { freezingThreshold: 604_800n, environmentVariables: [{ name: 'COLOUR', value: 'blue' }] },
    })
    const [byUpdate, byQuery] = await Promise.all([true, false].map((certified) => client.canisterStatus({ canisterId: id, certified })))
    for (const status of [byUpdate, byQuery]) {
      expect(status).toMatchObject({ status: { running: null }, settings: { freezing_threshold: 604_800n } })
      expect(status?.settings.environment_variables).toEqual([{ name: 'COLOUR', value: 'blue' }])
      expect(status?.memory_metrics.stable_memory_size).toBe(65_536n)
    }
  })

  test('is told that it may not read the status', async () => {
    const stranger = await clientOf()
    for (const certified of [true, false]) {
      const asked = stranger.canisterStatus({ canisterId: id, certified })
      await expect(asked).rejects.toThrow(/Caller 2vxsx-fae is not allowed to read the canister status/)
    }
  })

  test('carries a snapshot away and back', async () => {
    const { hash } = await client.uploadChunk({ canisterId: id, chunk: new Uint8Array([1, 2, 3]) })
    const taken = await client.takeCanisterSnapshot({ canisterId: id })
    const metadata = await client.readCanisterSnapshotMetadata({ canisterId: id, snapshotId: taken.id })
    expect(metadata).toMatchObject({ source: { takenFromCanister: null }, stableMemorySize: 65_536n, canisterVersion: 1n })
    const read = async (kind: Parameters<typeof client.readCanisterSnapshotData>[0]['kind']) =>
      new Uint8Array((await client.readCanisterSnapshotData({ canisterId: id, snapshotId: taken.id, kind })).chunk)
    const parts = [
      [{ wasmModule: { offset: 0n } }, await read({ wasmModule: { offset: 0n, size: metadata.wasmModuleSize } })],
      [{ wasmMemory: { offset: 0n } }, await read({ wasmMemory: { offset: 0n, size: metadata.wasmMemorySize } })],
      [{ stableMemory: { offset: 0n } }, await read({ stableMemory: { offset: 0n, size: metadata.stableMemorySize } })],
      [{ wasmChunk: null }, await read({ wasmChunk: { hash: new Uint8Array(hash) } })],
    ] as const
    expect(sha256(parts[0][1])).toEqual(sha256(wasm))
    const { snapshot_id: snapshotId } = await client.uploadCanisterSnapshotMetadata({ canisterId: id, metadata })
    for (const [kind, chunk] of parts) await client.uploadCanisterSnapshotData({ canisterId: id, snapshotId, kind, chunk })
    const copied = await client.readCanisterSnapshotMetadata({ canisterId: id, snapshotId })
    expect(copied).toMatchObject({ source: { metadataUpload: null }, globals: metadata.globals, wasmChunkStore: metadata.wasmChunkStore })
    await client.loadCanisterSnapshot({ canisterId: id, snapshotId })
    expect(await client.listCanisterSnapshots({ canisterId: id })).toHaveLength(2)
    const { canister_log_records: records }: { readonly canister_log_records: readonly LogRecord[] } = await client.fetchCanisterLogs(id)
    expect(records.map(({ content }) => Buffer.from([...content]).toString())).toEqual(['hello'])
  })

  test('uninstalls with the snapshot that it takes', async () => {
    await client.takeCanisterSnapshot({ canisterId: id, uninstallCode: true })
    expect((await client.canisterStatus({ canisterId: id })).module_hash).toEqual([])
  })
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
