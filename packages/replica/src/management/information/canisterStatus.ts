import { idleCyclesBurnedPerDay } from '@tidemark/cycles'
import type { managementTypes } from '@tidemark/bindings'
import type { SubnetEnvironment } from '@tidemark/execution'
import { type CanisterSettings, type CanisterState, isVisibleTo, memoryMetrics, type Visibility } from '@tidemark/state'
import { type Principal, RejectError } from '@tidemark/types'
import { argumentOf, isAmong, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { encodeReply, toCandidPrincipal, toOptional } from '../codec.ts'
import { accountOf } from '../memory.ts'
import { statusWithHooks } from './statusWithHooks.ts'

/** Everything a canister's owner wants to know of it. @see Interface specification, "IC method `canister_status`" */
export function canisterStatus(call: ManagementCall): ManagementResult {
  const canister = namedCanister(call, argumentOf(call, 'canister_status').canister_id)
  requireStatusVisible(call.env, canister, call.caller)
  return { kind: 'reply', data: canisterStatusReply(canister, call.env), cyclesKept: 0n, target: canister.id }
}

/** The status in Candid, with what the experimental hooks add to it where they are on. */
export function canisterStatusReply(canister: CanisterState, env: SubnetEnvironment): Uint8Array {
  const status = canisterStatusRecord(canister, env)
  return env.experimentalHooks === true ? statusWithHooks(canister, status) : encodeReply('canister_status', status)
}

/** @throws RejectError CanisterStatusAccessDenied unless the caller may see the status; the canister itself always may, and administrators of the subnet */
export function requireStatusVisible({ subnetAdmins }: SubnetEnvironment, canister: CanisterState, caller: Principal): void {
  if (canister.id.equals(caller) || isVisibleTo(canister.settings, canister.settings.statusVisibility, caller)) return
  if (subnetAdmins !== undefined && isAmong(subnetAdmins, caller)) return
  throw new RejectError('CanisterStatusAccessDenied', `Caller ${caller.toText()} is not allowed to read the canister status`)
}

/** The status as clients decode it. Walks no memory. */
export function canisterStatusRecord(canister: CanisterState, env: SubnetEnvironment): managementTypes.CanisterStatusResult {
  const metrics = memoryMetrics(canister)
  const { queryStats } = canister
  return {
    status: statusVariant(canister),
    ready_for_migration: canister.status.kind === 'stopped' && canister.queues.isIdle,
    version: canister.version,
    settings: definiteSettings(canister.settings),
    module_hash: toOptional(canister.execution?.module.hash),
    memory_size: BigInt(Object.values<number>({ ...metrics }).reduce((sum, bytes) => sum + bytes, 0)),
    memory_metrics: {
      wasm_memory_size: BigInt(metrics.wasmMemorySize),
      stable_memory_size: BigInt(metrics.stableMemorySize),
      global_memory_size: BigInt(metrics.globalMemorySize),
      wasm_binary_size: BigInt(metrics.wasmBinarySize),
      custom_sections_size: BigInt(metrics.customSectionsSize),
      canister_history_size: BigInt(metrics.canisterHistorySize),
      wasm_chunk_store_size: BigInt(metrics.wasmChunkStoreSize),
      snapshots_size: BigInt(metrics.snapshotsSize),
      log_memory_store_size: BigInt(metrics.logMemoryStoreSize),
    },
    cycles: canister.balance,
    reserved_cycles: canister.reservedBalance,
    idle_cycles_burned_per_day: idleCyclesBurnedPerDay(env.pricing, accountOf(canister)),
    query_stats: {
      num_calls_total: queryStats.callsTotal,
      num_instructions_total: queryStats.instructionsTotal,
      request_payload_bytes_total: queryStats.requestPayloadBytesTotal,
      response_payload_bytes_total: queryStats.responsePayloadBytesTotal,
    },
  }
}

function statusVariant(canister: CanisterState): managementTypes.CanisterStatus {
  switch (canister.status.kind) {
    case 'running':
      return { running: null }
    case 'stopping':
      return { stopping: null }
    case 'stopped':
      return { stopped: null }
  }
}

function definiteSettings(settings: CanisterSettings): managementTypes.DefiniteCanisterSettings {
  return {
    controllers: settings.controllers.map(toCandidPrincipal),
    compute_allocation: settings.computeAllocation,
    memory_allocation: settings.memoryAllocation,
    freezing_threshold: settings.freezingThreshold,
    reserved_cycles_limit: settings.reservedCyclesLimit,
    minimum_incoming_canister_call_cycles: settings.minimumIncomingCanisterCallCycles,
    log_visibility: visibilityVariant(settings.logVisibility),
    log_memory_limit: settings.logMemoryLimit,
    snapshot_visibility: visibilityVariant(settings.snapshotVisibility),
    status_visibility: visibilityVariant(settings.statusVisibility),
    wasm_memory_limit: settings.wasmMemoryLimit ?? 0n,
    wasm_memory_threshold: settings.wasmMemoryThreshold,
    environment_variables: settings.environmentVariables.map(({ name, value }) => ({ name, value })),
  }
}

function visibilityVariant(visibility: Visibility): managementTypes.Visibility {
  switch (visibility.kind) {
    case 'controllers':
      return { controllers: null }
    case 'public':
      return { public: null }
    case 'allowed_viewers':
      return { allowed_viewers: visibility.viewers.map(toCandidPrincipal) }
  }
}
