import type { managementTypes } from '@tidemark/bindings'
import { snapshotInstructions } from '@tidemark/cycles'
import { type CanisterSnapshot, type CanisterState, type GlobalValue, type HookStatus, PagedMemory, wasmPageBytes } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { affordChange, payForChange } from '../change.ts'
import { optional } from '../codec.ts'
import { managementLimits } from '../limits.ts'
import { requireHeapDeltaRate } from '../rateLimit.ts'
import { replyWith } from '../reply.ts'
import { parseGlobal } from './globalValues.ts'
import { nextSnapshotId, replacedSnapshot, snapshotBytes, snapshottingFailed, storeSnapshot } from './snapshotStore.ts'

/**
 * Makes an empty snapshot of the declared sizes, to be filled by `upload_canister_snapshot_data`.
 *
 * @see Interface specification, "IC method `upload_canister_snapshot_metadata`"
 */
export function uploadSnapshotMetadata(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'upload_canister_snapshot_metadata')
  const canister = controlledCanister(call, arg.canister_id)
  checkSizes(call, canister, arg)
  const replaced = replacedSnapshot(call, canister, optional(arg.replace_snapshot))
  requireHeapDeltaRate(call, canister)
  const parts = {
    source: 'metadata_upload',
    takenAtTimestampNanos: call.env.timeNanos,
    canisterVersion: canister.version,
    globals: parseGlobals(arg.globals),
    heap: emptyMemory(arg.wasm_memory_size),
    stableMemory: emptyMemory(arg.stable_memory_size),
    certifiedData: arg.certified_data,
    chunkStore: new Map<string, Uint8Array>(),
    globalTimer: parseTimer(optional(arg.global_timer)),
    hookStatus: parseHookStatus(optional(arg.on_low_wasm_memory_hook_status)),
  } as const
  const sizeBytes = snapshotBytes({ ...parts, wasmModule: new Uint8Array(0) }) + Number(arg.wasm_module_size)
  const change = affordChange(
    call,
    canister,
    { freedBytes: replaced?.sizeBytes ?? 0, addedBytes: sizeBytes, instructions: snapshotInstructions(BigInt(sizeBytes)) },
    snapshottingFailed,
  )
  payForChange(call, canister, change)
  const snapshot: CanisterSnapshot = {
    ...parts,
    id: nextSnapshotId(canister),
    canisterId: canister.id,
    wasmModule: new Uint8Array(Number(arg.wasm_module_size)),
    sizeBytes,
  }
  storeSnapshot(canister, snapshot, replaced)
  return replyWith('upload_canister_snapshot_metadata', { snapshot_id: snapshot.id }, { target: canister })
}

/** The module that the canister runs now says how large a heap may be; without one it is that of 32 bits. */
function checkSizes({ env }: ManagementCall, canister: CanisterState, arg: managementTypes.UploadSnapshotMetadataArgs): void {
  const { moduleBytes, heapBytes32, heapBytes64, globals } = managementLimits
  const pageBytes = BigInt(wasmPageBytes)
  const heapBytes = canister.execution?.module.wasmMode === 'wasm64' ? heapBytes64 : heapBytes32
  const stableBytes = BigInt(env.limits.stableMemoryPages) * pageBytes
  if (arg.wasm_module_size === 0n) throw invalid('WasmModuleEmpty')
  if (arg.wasm_module_size > moduleBytes) throw invalid('WasmModuleTooLarge')
  if (arg.wasm_memory_size % pageBytes !== 0n) throw invalid('WasmMemoryNotPageAligned')
  if (arg.wasm_memory_size > heapBytes) throw invalid('WasmMemoryTooLarge')
  if (arg.stable_memory_size % pageBytes !== 0n) throw invalid('StableMemoryNotPageAligned')
  if (arg.stable_memory_size > stableBytes) throw invalid('StableMemoryTooLarge')
  if (arg.globals.length > globals) throw invalid('ExportedGlobalsTooLarge')
  if (arg.certified_data.length > env.limits.certifiedDataBytes) throw invalid('CertifiedDataTooLarge')
}

function parseGlobals(globals: readonly managementTypes.GlobalValue[]): GlobalValue[] {
  return globals.map((global) => {
    const value = parseGlobal(global)
    if (value === undefined) throw invalid('a vector has more than 128 bits')
    return value
  })
}

function emptyMemory(bytes: bigint): PagedMemory {
  const memory = new PagedMemory()
  memory.grow(Number(bytes / BigInt(wasmPageBytes)))
  return memory
}

function parseTimer(timer: managementTypes.TimerState | undefined): bigint | undefined {
  if (timer === undefined) return undefined
  return 'active' in timer ? timer.active : 0n
}

function parseHookStatus(status: managementTypes.LowWasmMemoryHookStatus | undefined): HookStatus | undefined {
  if (status === undefined) return undefined
  if ('ready' in status) return 'ready'
  return 'executed' in status ? 'executed' : 'condition_not_satisfied'
}

function invalid(text: string): RejectError {
  return new RejectError('InvalidManagementPayload', `Snapshot Metadata contains invalid data: ${text}`)
}
