/** A network with experimental hooks, and a canister that notes each hook that runs. */
import { IDL } from '@dfinity/candid'
import { type HookState, type ReplicaOptions } from '@tidemark/replica'
import { createTraceRecorder, type TraceEvent } from '@tidemark/trace'
import { type Principal, managementCanisterId } from '@tidemark/types'
import {
  candid,
  expectReply,
  type Program,
  program,
  type TestNetwork,
  network,
  universalCanister,
} from '../../../../../tests/support/index.ts'

/** What `update_settings` is given by a client that knows the thresholds. */
export interface Thresholds {
  readonly low_cycles_threshold?: bigint
  readonly low_heap_memory_threshold?: bigint
}

const settingsType = IDL.Record({ low_cycles_threshold: IDL.Opt(IDL.Nat64), low_heap_memory_threshold: IDL.Opt(IDL.Nat64) })

const record = (thresholds: Thresholds) => ({
  low_cycles_threshold: thresholds.low_cycles_threshold === undefined ? [] : [thresholds.low_cycles_threshold],
  low_heap_memory_threshold: thresholds.low_heap_memory_threshold === undefined ? [] : [thresholds.low_heap_memory_threshold],
})

/** The argument that sets thresholds. */
export function thresholdsArgument(id: Principal, thresholds: Thresholds): Uint8Array {
  const type = IDL.Record({ canister_id: IDL.Principal, settings: settingsType })
  return new Uint8Array(IDL.encode([type], [{ canister_id: candid(id), settings: record(thresholds) }]))
}

/** Sets thresholds. */
export function setThresholds(net: TestNetwork, id: Principal, thresholds: Thresholds): void {
  expectReply(net.call(managementCanisterId, 'update_settings', thresholdsArgument(id, thresholds), { effectiveCanisterId: id }))
}

/** The argument that creates a canister with thresholds. */
export function creationArgument(thresholds: Thresholds): Uint8Array {
  const type = IDL.Record({ settings: IDL.Opt(settingsType) })
  return new Uint8Array(IDL.encode([type], [{ settings: [record(thresholds)] }]))
}

/** Every entry point there is. */
export const hookModule = universalCanister({
  exports: [
    'heartbeat',
    'global_timer',
    'on_low_wasm_memory',
    'post_init',
    'on_error',
    'on_low_cycles',
    'on_low_heap_memory',
    'on_unfreeze',
  ],
})

/** Each hook leaves its name in the state. */
export function notingHooks(): Program {
  return program()
    .on('on_low_wasm_memory', program().note('low_wasm_memory '))
    .on('post_init', program().note('post_init ').reply())
    .on('on_error', program().note('on_error ').reply())
    .on('on_low_cycles', program().note('low_cycles ').reply())
    .on('on_low_heap_memory', program().note('low_heap_memory ').reply())
    .on('on_unfreeze', program().note('unfreeze ').reply())
}

/** A network with hooks on that records what runs. */
export function hookNetwork(options: ReplicaOptions = {}): { net: TestNetwork; ran: () => TraceEvent[]; names: () => string[] } {
  const trace = createTraceRecorder({ capacity: 100_000 })
  const net = network({ experimentalHooks: true, trace, ...options })
  const ran = () => trace.events().filter((event) => event.kind === 'lifecycle_hook')
  return { net, ran, names: () => ran().map((event) => event.methodName ?? '') }
}

/** What is shown of one hook. */
export function hookState(net: TestNetwork, id: Principal, name: HookState['name']): HookState | undefined {
  return net.replica.hookStates(id)?.find((state) => state.name === name)
}
