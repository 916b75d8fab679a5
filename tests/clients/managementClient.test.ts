/** The management client that applications use, unmodified, with a real agent: it decodes whatever the network answers. */
import { HttpAgent } from '@dfinity/agent'
import { Ed25519KeyIdentity } from '@dfinity/identity'
import { ICManagementCanister, LogVisibility } from '@dfinity/ic-management'
import type { Principal } from '@dfinity/principal'
import type { LiveDriver } from '@tidemark/http'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { program, universalCanister } from '../support/index.ts'
import { liveNetwork } from './liveNetwork.ts'

const wasm = universalCanister()
const moduleHash = sha256(wasm)
const noArgument = new Uint8Array(0)

let driver: LiveDriver
let client: ICManagementCanister
let me: Principal
let id: Principal

beforeEach(async () => {
  const live = liveNetwork()
  driver = live.driver
  const identity = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7))
  me = identity.getPrincipal()
  const agent = await HttpAgent.create({ ...live.agentOptions, identity })
  client = ICManagementCanister.create({ agent })
  id = await client.provisionalCreateCanisterWithCycles({ amount: 50_000_000_000_000n })
})
afterEach(() => driver.stop())

type InstallMode = Parameters<ICManagementCanister['installCode']>[0]['mode']

const install = (mode: InstallMode = { install: null }, arg: Uint8Array = noArgument) =>
  client.installCode({ mode, canisterId: id, wasmModule: wasm, arg })

describe('@dfinity/ic-management 7.0.2', () => {
  test('reads the status of an empty canister, and of one with code and every setting', async () => {
    const empty = await client.canisterStatus(id)
    expect(empty).toMatchObject({ status: { running: null }, module_hash: [], cycles: expect.any(BigInt) })
    await client.updateSettings({
      canisterId: id,
      settings: {
        controllers: [me.toText(), '2vxsx-fae'],
        computeAllocation: 1n,
        memoryAllocation: 20_000_000n,
        freezingThreshold: 604_800n,
        reservedCyclesLimit: 7n,
        logVisibility: LogVisibility.Public,
        wasmMemoryLimit: 1_000_000_000n,
        wasmMemoryThreshold: 5n,
      },
    })
    await install()
    const { settings, module_hash, memory_metrics, memory_size, query_stats } = await client.canisterStatus(id)
    expect(settings).toMatchObject({
      compute_allocation: 1n,
      memory_allocation: 20_000_000n,
      freezing_threshold: 604_800n,
      reserved_cycles_limit: 7n,
      log_visibility: { public: null },
      wasm_memory_limit: 1_000_000_000n,
      wasm_memory_threshold: 5n,
    })
    expect(settings.controllers.map((one) => one.toText()).toSorted()).toEqual([me.toText(), '2vxsx-fae'].toSorted())
    expect(module_hash[0]).toEqual(moduleHash)
    expect(memory_metrics.wasm_binary_size).toBe(BigInt(wasm.length))
    expect(memory_size).toBeGreaterThan(memory_metrics.wasm_binary_size)
    expect(query_stats.num_calls_total).toBe(0n)
  })

  test('installs in every mode, and from chunks', async () => {
    await install()
    await install({ reinstall: null })
    await install({ upgrade: [] })
    const chunk = await client.uploadChunk({ canisterId: id, chunk: wasm })
    expect(chunk.hash).toEqual(moduleHash)
    expect(await client.storedChunks({ canisterId: id })).toEqual([{ hash: moduleHash }])
    const chunked = { targetCanisterId: id, chunkHashesList: [chunk], wasmModuleHash: moduleHash, arg: noArgument }
    await client.installChunkedCode({ mode: { reinstall: null }, ...chunked })
    await client.clearChunkStore({ canisterId: id })
    expect(await client.storedChunks({ canisterId: id })).toEqual([])
    await client.uninstallCode({ canisterId: id })
    expect((await client.canisterStatus(id)).module_hash).toEqual([])
  })

  test('takes, lists, loads and deletes snapshots', async () => {
    await install()
    const taken = await client.takeCanisterSnapshot({ canisterId: id })
    expect(await client.listCanisterSnapshots({ canisterId: id })).toEqual([taken])
    await client.loadCanisterSnapshot({ canisterId: id, snapshotId: taken.id })
    const replaced = await client.takeCanisterSnapshot({ canisterId: id, snapshotId: taken.id })
    await client.deleteCanisterSnapshot({ canisterId: id, snapshotId: replaced.id })
    expect(await client.listCanisterSnapshots({ canisterId: id })).toEqual([])
  })

  test('reads logs, stops and deletes', async () => {
    await install({ install: null }, program().sys('debug_print', 'hello').bytes())
    const { canister_log_records } = await client.fetchCanisterLogs(id)
    expect(canister_log_records.map(({ content }) => Buffer.from(content).toString())).toEqual(['hello'])
    await client.stopCanister(id)
    expect((await client.canisterStatus(id)).status).toEqual({ stopped: null })
    await client.startCanister(id)
    await client.stopCanister(id)
    await client.deleteCanister(id)
    await expect(client.canisterStatus(id)).rejects.toThrow(/IC0301|not found/)
  })
})

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
