import { sha256 } from '@noble/hashes/sha2.js'
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterState } from '@tidemark/state'
import { Principal, toHex } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { assemble, counter, empty } from './support/modules.ts'
import {
  alice,
  bob,
  candid,
  carol,
  gib,
  Network,
  type NetworkOptions,
  printState,
  trillion,
  valueOf,
  withoutCost,
} from './support/network.ts'

const page = 65_536n

/** A canister with code; the time moves on by a second after each step. */
function setUp(options: NetworkOptions = {}, module = counter) {
  const network = new Network(options)
  const canister = network.canister()
  const install = (target: CanisterState, code: Uint8Array, mode: managementTypes.InstallMode = { install: null }) =>
    valueOf(
      network.call('install_code', {
        mode,
        canister_id: candid(target.id),
        wasm_module: code,
        arg: new Uint8Array(0),
        sender_canister_version: [],
      }),
    )
  install(canister, module)
  const take = (extra: Partial<managementTypes.TakeSnapshotArgs> = {}, caller = alice) => {
    network.subnet.timeNanos += 1_000_000_000n
    return network.call(
      'take_canister_snapshot',
      { canister_id: candid(canister.id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [], ...extra },
      caller,
    )
  }
  const load = (id: Uint8Array, target = canister, caller = alice) =>
    network.call('load_canister_snapshot', { canister_id: candid(target.id), snapshot_id: id, sender_canister_version: [] }, caller)
  const ids = () => valueOf(network.call('list_canister_snapshots', { canister_id: candid(canister.id) })).map(({ id }) => toHex(id))
  return { network, canister, install, take, load, ids }
}

/** What a snapshot holds of a canister. */
const contents = ({ execution, stableMemory, certifiedData, chunkStore }: CanisterState) => {
  const heap = new Uint8Array(10)
  const stable = new Uint8Array(10)
  execution?.live.exportHeap().read(0, heap)
  if (stableMemory.sizePages > 0) stableMemory.read(0, stable)
  return {
    hash: execution?.module.hash,
    heap,
    stable,
    globals: execution?.live.exportGlobals(),
    certifiedData,
    chunks: [...chunkStore.keys()],
  }
}

describe('taking and loading', () => {
  test('floating-point globals come back bit by bit, signalling and quiet NaN of any payload, too', () => {
    const floats = assemble(`(module
      (global (mut f32) (f32.const nan:0x200001)) (global (mut f32) (f32.const -nan:0x7fffff)) (global (mut f32) (f32.const -0))
      (global (mut f64) (f64.const nan:0x4)) (global (mut f64) (f64.const -nan:0x8000000000001)) (global (mut f64) (f64.const 1)))`)
    const { canister, install, take, load } = setUp({}, floats)
    const globals = [
      { type: 'f32', bits: 0x7fa00001 },
      { type: 'f32', bits: 0xffffffff },
      { type: 'f32', bits: 0x80000000 },
      { type: 'f64', bits: 0x7ff0000000000004n },
      { type: 'f64', bits: 0xfff8000000000001n },
      { type: 'f64', bits: 0x3ff0000000000000n },
    ]
    expect(contents(canister).globals).toEqual(globals)
    const { id } = valueOf(take())
    install(canister, empty, { reinstall: null })
    valueOf(load(id))
    expect(contents(canister).globals).toEqual(globals)
  })
  test('a snapshot brings back what was there, after the code was replaced', () => {
    const { network, canister, install, take, load } = setUp()
    canister.chunkStore.set('ab', new Uint8Array(1))
    const before = contents(canister)
    const { id, total_size, taken_at_timestamp } = valueOf(take())
    expect(toHex(id)).toBe(`${'00'.repeat(8)}${canister.id.key}`)
    expect(taken_at_timestamp).toBe(network.subnet.timeNanos)
    expect(total_size).toBe(2n * page + 8n + BigInt(counter.length) + 5n + 1_048_576n)
    canister.chunkStore.clear()
    install(canister, empty, { reinstall: null })
    valueOf(load(id))
    expect(contents(canister)).toEqual(before)
    expect(canister).toMatchObject({ version: 3n, globalTimerNanos: 0n })
    expect(canister.history.changes.at(-1)).toMatchObject({
      canisterVersion: 3n,
      details: { kind: 'load_snapshot', fromCanisterId: undefined, snapshotId: id, canisterVersion: 1n, source: 'taken_from_canister' },
    })
    expect(network.ledgerGap()).toBe(0n)
  })
  test('it can be loaded into another canister of the same controller', () => {
    const { network, canister, take, load } = setUp()
    const other = network.canister()
    valueOf(load(valueOf(take()).id, other))
    expect(contents(other)).toEqual(contents(canister))
    expect(other.history.changes).toMatchObject([{ details: { fromCanisterId: canister.id } }])
  })
  test('two billion instructions and one per byte are charged for each, and for loading what makes the module run', () => {
    const { canister, take, load } = setUp()
    const start = canister.consumedCycles.instructions
    const { id, total_size } = valueOf(take())
    expect(canister.consumedCycles.instructions - start).toBe(2_000_000_000n + total_size)
    valueOf(load(id))
    const opcodes = BigInt(canister.execution?.module.instructionCount ?? 0)
    expect(opcodes).toBeGreaterThan(0n)
    expect(canister.consumedCycles.instructions - start).toBe(2n * (2_000_000_000n + total_size) + 20_000_000n + 6_000n * opcodes)
  })
  test('taking leaves the version, uninstalling with it does not', () => {
    const { canister, take } = setUp()
    valueOf(take())
    expect(canister.version).toBe(1n)
    valueOf(take({ uninstall_code: [true] }))
    expect(canister).toMatchObject({ version: 2n, execution: undefined, snapshots: { length: 2 } })
    expect(canister.history.changes.at(-1)).toMatchObject({ details: { kind: 'code_uninstall' } })
  })
  test('uninstalling makes room for the snapshot', () => {
    const large = assemble('(module (memory 100))')
    const tight: NetworkOptions = { capacityBytes: 10n * gib + 100n * page + 100_000n }
    expect(setUp(tight, large).take()).toMatchObject({ code: 'IC0101' })
    valueOf(setUp(tight, large).take({ uninstall_code: [true] }))
  })
})

describe('listing, replacing, deleting', () => {
  test('the oldest first; a replaced one goes; numbers are not used again', () => {
    const { network, canister, take, ids } = setUp()
    const first = valueOf(take()).id
    const second = valueOf(take()).id
    const third = valueOf(take({ replace_snapshot: [first] })).id
    expect(ids()).toEqual([second, third].map(toHex))
    valueOf(network.call('delete_canister_snapshot', { canister_id: candid(canister.id), snapshot_id: third }))
    expect(toHex(valueOf(take()).id)).toBe(`${'00'.repeat(7)}03${canister.id.key}`)
  })
  test('snapshots count as memory of the canister', () => {
    const { network, canister, take } = setUp()
    const { total_size } = valueOf(take())
    const { memory_metrics } = valueOf(network.call('canister_status', { canister_id: candid(canister.id) }))
    expect(memory_metrics.snapshots_size).toBe(total_size)
  })
  test('who may see them is a setting', () => {
    const { network, canister } = setUp()
    const list = () => network.call('list_canister_snapshots', { canister_id: candid(canister.id) }, bob)
    expect(list()).toEqual({ code: 'IC0406', text: `Caller ${bob.toText()} is not allowed to call ic00 method list_canister_snapshots` })
    canister.settings = { ...canister.settings, snapshotVisibility: { kind: 'allowed_viewers', viewers: [bob] } }
    valueOf(list())
  })
})

describe('refusals leave everything as it was', () => {
  type Case = (set: ReturnType<typeof setUp>) => () => unknown
  const strange = new Uint8Array(18).fill(9)
  const strangeText = `${Principal.fromBytes(strange.subarray(8)).toText()}-${new DataView(strange.buffer).getBigUint64(0)}`
  const rows: [what: string, act: Case, expected: object][] = [
    [
      'take: a stranger',
      ({ take }) =>
        () =>
          take({}, bob),
      { code: 'IC0512' },
    ],
    [
      'take: nothing to replace',
      ({ take }) =>
        () =>
          take({ replace_snapshot: [strange] }),
      { code: 'IC0305', text: expect.stringMatching(new RegExp(`^Could not find the snapshot ID ${strangeText} for canister \\S+\\.$`)) },
    ],
    [
      'take: another canister’s to replace',
      ({ network, install, take }) => {
        const other = network.canister()
        install(other, empty)
        const { id } = valueOf(
          network.call('take_canister_snapshot', {
            canister_id: candid(other.id),
            replace_snapshot: [],
            uninstall_code: [],
            sender_canister_version: [],
          }),
        )
        return () => take({ replace_snapshot: [id] })
      },
      { code: 'IC0406', text: expect.stringMatching(/^The snapshot [a-z0-9-]+-cai-0 does not belong to canister \S+\.$/) },
    ],
    [
      'take: ten are there',
      ({ take }) => {
        for (let i = 0; i < 10; i++) valueOf(take())
        return () => take()
      },
      { code: 'IC0406', text: expect.stringMatching(/^Canister \S+ has reached the maximum number of snapshots allowed: 10\.$/) },
    ],
    [
      'take: an empty canister',
      ({ network }) => {
        const bare = network.canister()
        return () =>
          network.call('take_canister_snapshot', {
            canister_id: candid(bare.id),
            replace_snapshot: [],
            uninstall_code: [],
            sender_canister_version: [],
          })
      },
      { code: 'IC0406', text: expect.stringMatching(/^Failed to create snapshot for empty canister \S+:$/) },
    ],
    [
      'take: cycles short',
      ({ canister, network, take }) => {
        network.subnet.mintedCycles -= canister.balance - 2_000_000_000n
        canister.balance = 2_000_000_000n
        canister.settings = { ...canister.settings, freezingThreshold: 0n }
        return () => take()
      },
      {
        code: 'IC0207',
        text: expect.stringMatching(
          /^Canister snapshotting failed with: `Canister \S+ is out of cycles: please top up the canister with at least [\d_]+ additional cycles`$/,
        ),
      },
    ],
    [
      'load: a stranger',
      ({ load, take, canister }) => {
        const { id } = valueOf(take())
        return () => load(id, canister, bob)
      },
      { code: 'IC0512' },
    ],
    [
      'load: nothing of this id',
      ({ load }) =>
        () =>
          load(strange),
      { code: 'IC0305' },
    ],
    [
      'load: of a canister that the caller does not control',
      ({ network, take, load }) => {
        const { id } = valueOf(take())
        const own = network.canister(trillion, [carol])
        return () => load(id, own, carol)
      },
      {
        code: 'IC0406',
        text: expect.stringMatching(
          /^Only a controller of the canister that snapshot [0-9a-f]+ belongs to can load it on canister \S+\. Sender: \S+\.$/,
        ),
      },
    ],
    [
      'delete: nothing of this id',
      ({ network, canister }) =>
        () =>
          network.call('delete_canister_snapshot', { canister_id: candid(canister.id), snapshot_id: strange }),
      { code: 'IC0305' },
    ],
    [
      'delete: a stranger',
      ({ network, canister }) =>
        () =>
          network.call('delete_canister_snapshot', { canister_id: candid(canister.id), snapshot_id: strange }, bob),
      { code: 'IC0512' },
    ],
  ]
  test.each(rows)('%s', (_, act, expected) => {
    const set = setUp()
    const run = act(set)
    set.network.subnet.timeNanos += 1_000_000_000n
    const before = printState(set.network.subnet)
    set.network.subnet.timeNanos -= 1_000_000_000n
    const outcome = run()
    expect(outcome).toMatchObject(expected)
    expect(printState(set.network.subnet).replace(/"timeNanos":"\d+"/, '')).toBe(before.replace(/"timeNanos":"\d+"/, ''))
  })
})

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
    expect(uploaded?.sizeBytes).toBe(canister.snapshots[0]?.sizeBytes)
    // What is loaded does not change when the snapshot is written to afterwards.
    valueOf(write(snapshot_id, { wasm_memory: { offset: 0n } }, new Uint8Array(5).fill(120)))
    valueOf(write(snapshot_id, { stable_memory: { offset: 0n } }, new Uint8Array(5).fill(120)))
    expect(contents(target)).toEqual(contents(canister))
    expect(network.ledgerGap()).toBe(0n)
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
  test('declaring costs as much as taking', () => {
    const { network, canister, target, declare } = setUpTransfer()
    const [taken] = valueOf(network.call('list_canister_snapshots', { canister_id: candid(canister.id) }))
    valueOf(declare())
    // The chunks come with their own upload.
    expect(target.consumedCycles.instructions).toBe(2_000_000_000n + (taken?.total_size ?? 0n) - 1_048_576n)
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
    ['a module that is too large', { wasm_module_size: 104_857_601n }],
    ['half a heap page', { wasm_memory_size: page / 2n }],
    ['half a stable page', { stable_memory_size: page / 2n }],
    ['too much stable memory', { stable_memory_size: 501n * gib }],
    ['long certified data', { certified_data: new Uint8Array(33) }],
    ['too many globals', { globals: Array.from({ length: 1_001 }, () => ({ i32: 0 })) }],
    ['a vector that is too wide', { globals: [{ v128: 2n ** 128n }] }],
  ] as [string, Partial<managementTypes.UploadSnapshotMetadataArgs>][])('declaring %s', (_, change) => {
    const { network, declare } = setUpTransfer()
    const before = printState(network.subnet)
    expect(declare(change)).toMatchObject({ code: 'IC0408', text: expect.stringMatching(/^Snapshot Metadata contains invalid data: /) })
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
    const { network, declare, write, load, target } = setUpTransfer()
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
