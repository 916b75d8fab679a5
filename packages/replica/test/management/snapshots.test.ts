import { Principal, toHex } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { assemble, counter, empty } from './support/modules.ts'
import { bob, candid, carol, gib, printState, trillion, valueOf, type NetworkOptions } from './support/network.ts'
import { contents, page, setUp } from './support/snapshots.ts'

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
    expect(total_size).toBe(2n * page + 64n + BigInt(counter.length) + 5n + 1_048_576n)
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
    const { canister, network, take, load } = setUp()
    network.subnet.compiledModules.clear()
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
    [
      'take: a frozen canister',
      (set) => {
        freeze(set)
        return () => set.take()
      },
      { code: 'IC0532', text: expect.stringMatching(/^Canister cannot grow memory by \d+ bytes due to insufficient cycles\./) },
    ],
    [
      'delete: a frozen canister cannot even free memory',
      (set) => {
        const { id } = valueOf(set.take())
        freeze(set)
        const { network, canister } = set
        return () => network.call('delete_canister_snapshot', { canister_id: candid(canister.id), snapshot_id: id })
      },
      { code: 'IC0532', text: expect.stringMatching(/^Canister cannot grow memory by 0 bytes due to insufficient cycles\./) },
    ],
    [
      'empty the chunk store: a frozen canister cannot even free memory',
      (set) => {
        freeze(set)
        const { network, canister } = set
        return () => network.call('clear_chunk_store', { canister_id: candid(canister.id) })
      },
      { code: 'IC0532', text: expect.stringMatching(/^Canister cannot grow memory by 0 bytes due to insufficient cycles\./) },
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

function freeze({ network, canister }: ReturnType<typeof setUp>): void {
  network.subnet.mintedCycles -= canister.balance - 1n
  canister.balance = 1n
}
