/** A canister with code, and the calls about its snapshots. */
import type { managementTypes } from '@tidemark/bindings'
import type { CanisterState } from '@tidemark/state'
import { toHex } from '@tidemark/types'
import { counter } from './modules.ts'
import { alice, candid, Network, type NetworkOptions, valueOf } from './network.ts'

/** Bytes of a page of heap or stable memory. */
export const page = 65_536n

/** A canister with code, to take snapshots of; the time moves on by a second after each step. */
export function setUp(options: NetworkOptions = {}, module = counter) {
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
export const contents = ({ execution, stableMemory, certifiedData, chunkStore }: CanisterState) => {
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
