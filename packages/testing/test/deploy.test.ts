/** Canisters in a test's own process, from every kind of source. */
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { lowWasmMemoryHook, monitor } from '@tidemark/bindings'
import { describe, expect, test } from 'vitest'
import { assemble } from '../../../tests/support/index.ts'
import { CallError, createReplica, UsageError, userPrincipal } from '../src/index.ts'

const root = join(import.meta.dirname, '../../..')
const buildTimeout = 300_000

interface Counter {
  add(by: bigint): Promise<bigint>
  get(): Promise<bigint>
  fail(): Promise<undefined>
}

const counter = {
  idlFactory: () =>
    IDL.Service({
      add: IDL.Func([IDL.Nat64], [IDL.Nat64]),
      get: IDL.Func([], [IDL.Nat64], ['query']),
      fail: IDL.Func([], []),
      missing: IDL.Func([], []),
    }),
  init: () => [],
}

// Candid of a nat64: 'DIDL', no types, one value of type 0x78, eight bytes.
const wasm = assemble(`(module
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "msg_reply_data_append" (func $append (param i32 i32)))
  (import "ic0" "msg_arg_data_copy" (func $copy (param i32 i32 i32)))
  (import "ic0" "trap" (func $trap (param i32 i32)))
  (memory 1)
  (data (i32.const 0) "DIDL\\00\\01\\78")
  (data (i32.const 100) "no luck")
  (func $answer (call $append (i32.const 0) (i32.const 15)) (call $reply))
  (func (export "canister_update add")
    (call $copy (i32.const 50) (i32.const 7) (i32.const 8))
    (i64.store (i32.const 7) (i64.add (i64.load (i32.const 7)) (i64.load (i32.const 50))))
    (call $answer))
  (func (export "canister_query get") (call $answer))
  (func (export "canister_update fail") (call $trap (i32.const 100) (i32.const 7))))`)

describe('a canister', () => {
  test('is deployed from a module and called through its interface', async () => {
    const replica = createReplica()
    const { actor } = await replica.deploy<Counter>(wasm, { binding: counter })
    expect(await actor.add(2n)).toBe(2n)
    expect(await actor.add(3n)).toBe(5n)
    expect(await actor.get()).toBe(5n)
  })

  test('that traps gives an error with its code and its words', async () => {
    const replica = createReplica()
    const { id, actor } = await replica.deploy<Counter>(wasm, { binding: counter })
    const error = await actor.fail().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CallError)
    expect(error).toMatchObject({ canisterId: id.toText(), methodName: 'fail', rejectCode: 5, errorCode: 'CanisterCalledTrap' })
    expect((error as CallError).message).toContain('no luck')
  })

  test('of a dfx.json is built first', { timeout: buildTimeout }, async () => {
    const replica = createReplica()
    const { actor } = await replica.deploy('low_wasm_memory_hook_wasm', { binding: lowWasmMemoryHook, root })
    replica.tick(3)
    expect(await actor.get_executed_functions_order()).toContainEqual({ Heartbeat: null })
  })

  test('of a Motoko program is compiled first', { timeout: buildTimeout }, async () => {
    const replica = createReplica()
    const source = 'canisters/low_wasm_memory_hook/main.mo'
    const { actor } = await replica.deploy(source, { binding: lowWasmMemoryHook, root })
    replica.tick(3)
    expect(await actor.get_executed_functions_order()).toContainEqual({ Heartbeat: null })
  })

  test('of an Azle entry is bundled first', { timeout: buildTimeout }, async () => {
    const replica = createReplica()
    const { actor } = await replica.deploy('canisters/monitor/src/index.ts', { binding: monitor, args: [[]], root })
    await expect(actor.alerts()).resolves.toEqual([])
  })

  test('is called through the interface that it publishes, where the test has none', { timeout: buildTimeout }, async () => {
    const replica = createReplica()
    const { id, actor } = await replica.deploy('canisters/low_wasm_memory_hook/main.mo', { root })
    replica.tick(3)
    expect(await actor['get_executed_functions_order']?.()).toContainEqual({ Heartbeat: null })
    await replica.install(id, 'canisters/low_wasm_memory_hook/main.mo', { root, mode: 'reinstall' })
    expect(await actor['get_executed_functions_order']?.()).toHaveLength(1)
    expect(() => actor['other']).toThrow('the interface has no method other')
  })

  test('takes the types of its initialisation from there, too', { timeout: buildTimeout }, async () => {
    const { actor } = await createReplica().deploy('canisters/monitor/src/index.ts', { args: [[]], root })
    expect(await actor['alerts']?.()).toEqual([])
  })

  test('is managed through the management canister, queries and updates alike', async () => {
    const replica = createReplica()
    const { id } = await replica.deploy<Counter>(wasm, { binding: counter })
    const manage = replica.management({ effectiveCanisterId: id })
    expect((await manage.canister_status({ canister_id: id })).status).toEqual({ running: null })
    expect(await manage.fetch_canister_logs({ canister_id: id, filter: [] })).toEqual({ canister_log_records: [] })
  })

  test('is controlled by whoever deployed it, and by nobody else', async () => {
    const replica = createReplica()
    const [alice, bob] = [userPrincipal('alice'), userPrincipal('bob')]
    const { id } = await replica.deploy<Counter>(wasm, { binding: counter, as: alice })
    const refused = replica.install(id, wasm, { mode: 'reinstall', as: bob })
    await expect(refused).rejects.toMatchObject({ name: 'CallError', errorCode: 'CanisterInvalidController' })
    await replica.install(id, wasm, { mode: 'reinstall', as: alice })
  })
})

describe('a mistake of a test', () => {
  test.each<[title: string, make: () => Promise<unknown>, text: string]>([
    ['a missing file', () => createReplica().deploy('none.mo', { binding: counter, root }), 'there is no file'],
    ['a module that publishes no interface', () => createReplica().deploy(wasm), 'publishes no interface'],
    [
      'a method that is not in the interface',
      async () => createReplica().actor<{ other(): Promise<void> }>(counter, 'aaaaa-aa').other(),
      'the interface has no method other; it has add, fail, get, missing',
    ],
    [
      'an unknown canister',
      async () => createReplica().cycles('rwlgt-iiaaa-aaaaa-aaaaa-cai'),
      'there is no canister rwlgt-iiaaa-aaaaa-aaaaa-cai',
    ],
  ])('is told: %s', async (_, make, text) => {
    const error = await make().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    expect((error as UsageError).message).toContain(text)
  })

  test('is told: a method that the canister does not have', async () => {
    const { actor } = await createReplica().deploy<{ missing(): Promise<void> }>(wasm, { binding: counter })
    await expect(actor.missing()).rejects.toMatchObject({ errorCode: 'CanisterMethodNotFound' })
  })
})

describe.each([
  ['one subnet', () => createReplica()],
  ['several subnets', () => createReplica({ subnets: [{ kind: 'nns' }, { kind: 'application' }] })],
])('on a network of %s', (_, create) => {
  test('a snapshot is gone back to as often as one likes', async () => {
    const replica = create()
    const { id, actor } = await replica.deploy<Counter>(wasm, { binding: counter })
    await actor.add(1n)
    const before = replica.snapshot()
    const seen: unknown[] = []
    for (let n = 0; n < 3; n++) {
      seen.push([await actor.add(10n), replica.cycles(id)])
      replica.restore(before)
      expect(await actor.get()).toBe(1n)
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  test('cycles, stable memory and time are set from outside', async () => {
    const replica = create()
    const id = await replica.create({ cycles: 5_000_000_000_000n })
    const balance = replica.cycles(id)
    expect(replica.addCycles(id, 7n)).toBe(balance + 7n)
    replica.setStableMemory(id, Uint8Array.of(1, 2, 3))
    expect(replica.stableMemory(id)).toHaveLength(65_536)
    expect(replica.stableMemory(id).subarray(0, 4)).toEqual(Uint8Array.of(1, 2, 3, 0))
    const time = replica.network.timeNanos()
    replica.advanceTime(1_000_000_000n)
    expect(replica.network.timeNanos()).toBe(time + 1_000_000_001n)
  })
})
