import type { managementTypes } from '@tidemark/bindings'
import { expect, test } from 'vitest'
import { assemble } from './support/modules.ts'
import { candid, Network, valueOf } from './support/network.ts'

/** The order is the network's, so that snapshots of modules with globals of both kinds can be carried from it and to it. */
test('exported globals come first, as they are exported, then the mutable others, at 32 bytes each', () => {
  const globals = `(global $hidden (mut i32) (i32.const 1)) (global $a i32 (i32.const 2)) (global $b (mut i32) (i32.const 3))
    (export "b" (global $b)) (export "a" (global $a)) (export "b again" (global $b))`
  const expected: managementTypes.GlobalValue[] = [{ i32: 3 }, { i32: 2 }, { i32: 3 }, { i32: 1 }]
  const network = new Network()
  const canister = network.canister()
  const canister_id = candid(canister.id)
  const module = assemble(`(module (memory 1) ${globals})`)
  const take = () =>
    valueOf(network.call('take_canister_snapshot', { canister_id, replace_snapshot: [], uninstall_code: [], sender_canister_version: [] }))
      .id
  const metadataOf = (snapshot_id: Uint8Array) => valueOf(network.call('read_canister_snapshot_metadata', { canister_id, snapshot_id }))

  valueOf(
    network.call('install_code', {
      mode: { install: null },
      canister_id,
      wasm_module: module,
      arg: new Uint8Array(0),
      sender_canister_version: [],
    }),
  )
  // One more is the network's own, which it counts instructions in: a taken snapshot has it, a declared one does not.
  expect(canister.execution?.module.globalBytes).toBe(32 * 5)
  const metadata = metadataOf(take())
  expect(metadata.globals).toEqual(expected)
  const { snapshot_id } = valueOf(network.call('upload_canister_snapshot_metadata', { ...metadata, canister_id, replace_snapshot: [] }))
  const kind = { wasm_module: { offset: 0n } }
  valueOf(network.call('upload_canister_snapshot_data', { canister_id, snapshot_id, kind, chunk: module }))
  const [taken, uploaded] = canister.snapshots
  expect(uploaded?.sizeBytes).toBe((taken?.sizeBytes ?? 0) - 32)
  valueOf(network.call('load_canister_snapshot', { canister_id, snapshot_id, sender_canister_version: [] }))
  expect(metadataOf(take()).globals).toEqual(expected)
})
