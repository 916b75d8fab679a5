/** A network with experimental hooks, and a canister that notes each hook that runs. */
import { IDL } from '@dfinity/candid'
import { type ExperimentalManagementService, experimentalManagementTypes } from '@tidemark/bindings'
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

/** What `update_settings` is given by a client that knows the settings of hooks. */
export interface Thresholds {
  readonly low_cycles_threshold?: bigint
  readonly low_heap_memory_threshold?: bigint
  readonly post_init_gate_seconds?: bigint
}

const { HookSettings } = experimentalManagementTypes
const optional = (value: bigint | undefined): [] | [bigint] => (value === undefined ? [] : [value])

const record = (thresholds: Thresholds): experimentalManagementTypes.HookSettings => ({
  low_cycles_threshold: optional(thresholds.low_cycles_threshold),
  low_heap_memory_threshold: optional(thresholds.low_heap_memory_threshold),
  post_init_gate_seconds: optional(thresholds.post_init_gate_seconds),
})

/** The argument that sets thresholds. */
export function thresholdsArgument(id: Principal, thresholds: Thresholds): Uint8Array {
  const type = IDL.Record({ canister_id: IDL.Principal, settings: HookSettings })
  return new Uint8Array(IDL.encode([type], [{ canister_id: candid(id), settings: record(thresholds) }]))
}

/** Sets thresholds. */
export function setThresholds(net: TestNetwork, id: Principal, thresholds: Thresholds): void {
  expectReply(net.call(managementCanisterId, 'update_settings', thresholdsArgument(id, thresholds), { effectiveCanisterId: id }))
}

/** The argument that creates a canister with thresholds. */
export function creationArgument(thresholds: Thresholds): Uint8Array {
  const type = IDL.Record({ settings: IDL.Opt(HookSettings) })
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
    'on_output_queue_full',
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
    .on('on_output_queue_full', program().note('output_queue_full ').reply())
    .on('on_unfreeze', program().note('unfreeze ').reply())
}

/** A network with hooks on that records what runs. */
export function hookNetwork(options: ReplicaOptions = {}): {
  readonly net: TestNetwork
  /** Everything that was recorded. */
  readonly events: () => readonly TraceEvent[]
  /** Runs of experimental hooks. */
  readonly ran: () => TraceEvent[]
  readonly names: () => string[]
} {
  const trace = createTraceRecorder({ capacity: 100_000 })
  const net = network({ experimentalHooks: true, trace, ...options })
  const ran = () => trace.events().filter((event) => event.kind === 'lifecycle_hook')
  return { net, events: () => trace.events(), ran, names: () => ran().map((event) => event.methodName ?? '') }
}

/** What is shown of one hook. */
export function hookState(net: TestNetwork, id: Principal, name: HookState['name']): HookState | undefined {
  return net.replica.hookStates(id)?.find((state) => state.name === name)
}

/** What `canister_status` answers, in Candid. */
export function statusBytes(net: TestNetwork, id: Principal): Uint8Array {
  const arg = new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: candid(id) }]))
  return expectReply(net.call(managementCanisterId, 'canister_status', arg, { effectiveCanisterId: id })).bytes
}

const statusType = IDL.Record({ settings: HookSettings, lifecycle_hooks: IDL.Opt(experimentalManagementTypes.HooksStatus) })

/** What a client that knows hooks reads in a status. */
export function readStatus(bytes: Uint8Array): Awaited<ReturnType<ExperimentalManagementService['canister_status']>> {
  const [status] = IDL.decode([statusType], bytes)
  return status as unknown as Awaited<ReturnType<ExperimentalManagementService['canister_status']>>
}

/** What `canister_status` tells of the hooks. */
export function hooksStatus(net: TestNetwork, id: Principal): experimentalManagementTypes.HooksStatus | undefined {
  return readStatus(statusBytes(net, id)).lifecycle_hooks[0]
}
