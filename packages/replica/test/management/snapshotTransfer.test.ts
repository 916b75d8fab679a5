import { sha256 } from '@noble/hashes/sha2.js'
import type { managementTypes } from '@tidemark/bindings'
import { toHex } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { assemble, counter, wide } from './support/modules.ts'
import { alice, candid, gib, printState, valueOf, withoutCost } from './support/network.ts'
import { contents, page, setUp } from './support/snapshots.ts'

describe('download and upload', () => {
  const setUpTransfer = () => {
    const set = setUp()
    set.canister.chunkStore.set(toHex(sha256(new Uint8Array([5]))), new Uint8Array([5]))
    const { network, canister } = set
    const { id } = valueOf(set.take())
    const read = (kind: managementTypes.ReadSnapshotDataArgs['kind'], caller = alice) =>
      network.call('read_canister_snapshot_data', { canister_id: candid(canister.id), snapshot_id: id, kind }, caller)
    const target = network.canister()
    const declare = (change: Partial<managementTypes.UploadSnapshotMetadataArgs> = {}) => {
      const metadata = valueOf(network.call('read_canister_snapshot_metadata', { canister_id: candid(canister.id), snapshot_id: id }))
      return network.call('upload_canister_snapshot_metadata', {
        ...metadata,
        canister_id: candid(target.id),
        replace_snapshot: [],
        ...change,
      })
    }
    const write = (snapshot: Uint8Array, kind: managementTypes.UploadSnapshotDataArgs['kind'], chunk: Uint8Array) =>
      network.call('upload_canister_snapshot_data', { canister_id: candid(target.id), snapshot_id: snapshot, kind, chunk })
    return { ...set, id, read, target, declare, write }
  }

  test('a snapshot can be carried to another canister by its bytes', () => {
    const { canister, target, read, declare, write, load, network } = setUpTransfer()
    const { snapshot_id } = valueOf(declare())
    for (const [kind, size] of [
      ['wasm_module', BigInt(counter.length)],
      ['wasm_memory', page],
      ['stable_memory', page],
    ] as const) {
      const { chunk } = valueOf(read({ [kind]: { offset: 0n, size } } as managementTypes.ReadSnapshotDataArgs['kind']))
      valueOf(write(snapshot_id, { [kind]: { offset: 0n } } as managementTypes.UploadSnapshotDataArgs['kind'], chunk))
    }
    const { chunk } = valueOf(read({ wasm_chunk: { hash: sha256(new Uint8Array([5])) } }))
    valueOf(write(snapshot_id, { wasm_chunk: null }, chunk))
    valueOf(load(snapshot_id, target))
    expect(contents(target)).toEqual(contents(canister))
    expect(target).toMatchObject({ globalTimerNanos: 12_345n, hookStatus: 'condition_not_satisfied' })
    const [uploaded] = target.snapshots
    // A taken one has the global, too, that the network counts instructions in.
    expect(uploaded?.sizeBytes).toBe((canister.snapshots[0]?.sizeBytes ?? 0) - 32)
    // What is loaded does not change when the snapshot is written to afterwards.
    valueOf(write(snapshot_id, { wasm_memory: { offset: 0n } }, new Uint8Array(5).fill(120)))
    valueOf(write(snapshot_id, { stable_memory: { offset: 0n } }, new Uint8Array(5).fill(120)))
    expect(contents(target)).toEqual(contents(canister))
    expect(network.ledgerGap()).toBe(0n)
  })
  test.each([
    ['mutable', '(global (mut i32) (i32.const 42))', [{ i32: 42 }]],
    ['exported', '(global (export "g") i32 (i32.const 42))', [{ i32: 42 }]],
    ['mutable and exported', '(global (export "g") (mut i32) (i32.const 42))', [{ i32: 42 }]],
    ['neither', '(global i32 (i32.const 42))', []],
  ])('a global that is %s is carried over', (_, global, globals) => {
    const module = assemble(`(module (memory 1) ${global})`)
    const { network, canister, take, load } = setUp({}, module)
    const { id } = valueOf(take())
    const metadata = valueOf(network.call('read_canister_snapshot_metadata', { canister_id: candid(canister.id), snapshot_id: id }))
    expect(metadata.globals).toEqual(globals)
    const target = candid(canister.id)
    const { snapshot_id } = valueOf(
      network.call('upload_canister_snapshot_metadata', { ...metadata, canister_id: target, replace_snapshot: [] }),
    )
    valueOf(
      network.call('upload_canister_snapshot_data', {
        canister_id: target,
        snapshot_id,
        kind: { wasm_module: { offset: 0n } },
        chunk: module,
      }),
    )
    valueOf(load(snapshot_id))
  })
  test('metadata tells everything but the bytes', () => {
    const { network, canister, id } = setUpTransfer()
    expect(valueOf(network.call('read_canister_snapshot_metadata', { canister_id: candid(canister.id), snapshot_id: id }))).toEqual({
      source: { taken_from_canister: null },
      taken_at_timestamp: network.subnet.timeNanos,
      wasm_module_size: BigInt(counter.length),
      globals: [{ i64: 9n }],
      wasm_memory_size: page,
      stable_memory_size: page,
      wasm_chunk_store: [{ hash: sha256(new Uint8Array([5])) }],
      canister_version: 1n,
      certified_data: new TextEncoder().encode('hello'),
      global_timer: [{ active: 12_345n }],
      on_low_wasm_memory_hook_status: [{ condition_not_satisfied: null }],
    })
  })
  test('reading and writing cost five million instructions and one per byte', () => {
    const { canister, read } = setUpTransfer()
    const start = canister.consumedCycles.instructions
    valueOf(read({ wasm_memory: { offset: 1n, size: 100n } }))
    expect(canister.consumedCycles.instructions - start).toBe(5_000_100n)
  })
  test('a chunk counts as a MiB, read or written', () => {
    const { canister, target, read, declare, write } = setUpTransfer()
    const start = canister.consumedCycles.instructions
    valueOf(read({ wasm_chunk: { hash: sha256(new Uint8Array([5])) } }))
    expect(canister.consumedCycles.instructions - start).toBe(5_000_000n + 1_048_576n)
    const { snapshot_id } = valueOf(declare())
    const declared = target.consumedCycles.instructions
    valueOf(write(snapshot_id, { wasm_chunk: null }, new Uint8Array([5])))
    expect(target.consumedCycles.instructions - declared).toBe(5_000_000n + 1_048_576n)
  })
  test('declaring costs what taking does, but for what comes otherwise', () => {
    const { network, canister, target, declare } = setUpTransfer()
    const [taken] = valueOf(network.call('list_canister_snapshots', { canister_id: candid(canister.id) }))
    valueOf(declare())
    // The chunks come with their own upload, and the global that instructions are counted in is not declared.
    expect(target.consumedCycles.instructions).toBe(2_000_000_000n + (taken?.total_size ?? 0n) - 1_048_576n - 32n)
  })
  test.each([
    ['too much at once', { wasm_memory: { offset: 0n, size: 2_000_001n } }, 'Requested slice too large: 2000001 > 2000000', 'IC0408', 0n],
    [
      'beyond the module',
      { wasm_module: { offset: 1n, size: BigInt(counter.length) } },
      `Invalid subslice into wasm module / main memory / stable memory: offset: 1, size: ${counter.length}`,
      'IC0408',
      5_000_000n + BigInt(counter.length),
    ],
    [
      'beyond the heap',
      { wasm_memory: { offset: page, size: 1n } },
      'Invalid subslice into wasm module / main memory / stable memory: offset: 65536, size: 1',
      'IC0408',
      5_000_000n + 1n,
    ],
    [
      'beyond all numbers',
      { stable_memory: { offset: 2n ** 64n - 1n, size: 1n } },
      `Invalid subslice into wasm module / main memory / stable memory: offset: ${2n ** 64n - 1n}, size: 1`,
      'IC0408',
      5_000_000n + 1n,
    ],
    [
      'no hash',
      { wasm_chunk: { hash: new Uint8Array([1, 0xab]) } },
      'Error from Wasm chunk store: Bytes [01, ab] are not a valid WasmChunkHash..',
      'IC0504',
      5_000_000n + 1_048_576n,
    ],
    [
      'no such chunk',
      { wasm_chunk: { hash: new Uint8Array(32) } },
      `Error from Wasm chunk store: WasmChunkHash [${Array(32).fill('00').join(', ')}] not found..`,
      'IC0504',
      5_000_000n + 1_048_576n,
    ],
  ] as [string, managementTypes.ReadSnapshotDataArgs['kind'], string, string, bigint][])(
    'reading %s is refused, and costs what it would have',
    (_, kind, text, code, cost) => {
      const { network, canister, read } = setUpTransfer()
      const start = canister.balance
      const before = withoutCost(network, canister)
      expect(read(kind)).toEqual({ code, text })
      expect(start - canister.balance).toBe(cost)
      expect(withoutCost(network, canister)).toBe(before)
      expect(network.ledgerGap()).toBe(0n)
    },
  )
  test('a snapshot that was taken cannot be written to', () => {
    const { network, canister, id } = setUpTransfer()
    const outcome = network.call('upload_canister_snapshot_data', {
      canister_id: candid(canister.id),
      snapshot_id: id,
      kind: { wasm_chunk: null },
      chunk: new Uint8Array(1),
    })
    expect(outcome).toEqual({ code: 'IC0409', text: 'Only canister snapshots created by metadata upload can be mutated.' })
  })
  test.each([
    ['an empty module', 'WasmModuleEmpty', { wasm_module_size: 0n }],
    ['a module that is too large', 'WasmModuleTooLarge', { wasm_module_size: 104_857_601n }],
    ['half a heap page', 'WasmMemoryNotPageAligned', { wasm_memory_size: page / 2n }],
    ['a heap of more than 32 bits', 'WasmMemoryTooLarge', { wasm_memory_size: 4n * gib + page }],
    ['half a stable page', 'StableMemoryNotPageAligned', { stable_memory_size: page / 2n }],
    ['too much stable memory', 'StableMemoryTooLarge', { stable_memory_size: 501n * gib }],
    ['too many globals', 'ExportedGlobalsTooLarge', { globals: Array.from({ length: 1_001 }, () => ({ i32: 0 })) }],
    ['long certified data', 'CertifiedDataTooLarge', { certified_data: new Uint8Array(33) }],
    ['a vector that is too wide', 'a vector has more than 128 bits', { globals: [{ v128: 2n ** 128n }] }],
    // Before a snapshot is looked for that is to be replaced.
    ['two wrongs', 'WasmModuleEmpty', { wasm_module_size: 0n, replace_snapshot: [new Uint8Array(18)] }],
  ] as [string, string, Partial<managementTypes.UploadSnapshotMetadataArgs>][])('declaring %s', (_, reason, change) => {
    const { network, declare } = setUpTransfer()
    const before = printState(network.subnet)
    expect(declare(change)).toEqual({ code: 'IC0408', text: `Snapshot Metadata contains invalid data: ${reason}` })
    expect(printState(network.subnet)).toBe(before)
  })
  test.each([
    [
      'other globals',
      { globals: [{ i32: 1 }] },
      'IC0408',
      /^Wasm exported globals of canister module and snapshot metadata do not match\.$/,
    ],
    [
      'a hook that cannot be due',
      { on_low_wasm_memory_hook_status: [{ ready: null }] },
      'IC0408',
      /^Hook status \(Some\(Ready\)\) of uploaded snapshot is inconsistent with the canister's state \(hook condition satisfied: false\)\.$/,
    ],
    [
      'a heap that the module cannot have',
      { wasm_memory_size: 6n * gib },
      'IC0408',
      /^Snapshot Metadata contains invalid data: the module cannot have a heap of 6442450944 bytes$/,
    ],
    [
      'a heap that is smaller than the module begins with',
      { wasm_memory_size: 0n },
      'IC0408',
      /^Snapshot Metadata contains invalid data: the module begins with a larger heap than 0 bytes$/,
    ],
    ['no module', { wasm_module_size: 3n }, 'IC0505', /^Error from Canister \S+: Canister's Wasm module is not valid: /],
  ] as [string, Partial<managementTypes.UploadSnapshotMetadataArgs>, string, RegExp][])('loading %s', (_, change, code, text) => {
    const { network, declare, write, load, target, install } = setUpTransfer()
    // It may have a heap of six gibibytes.
    install(target, wide)
    const { snapshot_id } = valueOf(declare(change))
    if (change.wasm_module_size === undefined) valueOf(write(snapshot_id, { wasm_module: { offset: 0n } }, counter))
    const before = printState(network.subnet)
    expect(load(snapshot_id, target)).toMatchObject({ code, text: expect.stringMatching(text) })
    expect(printState(network.subnet)).toBe(before)
  })
  test('writing beyond what was declared', () => {
    const { declare, write } = setUpTransfer()
    const { snapshot_id } = valueOf(declare())
    expect(write(snapshot_id, { stable_memory: { offset: page - 1n } }, new Uint8Array(2))).toEqual({
      code: 'IC0408',
      text: 'Invalid subslice into wasm module / main memory / stable memory: offset: 65535, size: 2',
    })
  })
})
