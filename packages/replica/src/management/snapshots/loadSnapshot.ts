import { instanceInstructions, instructionCharges, instructionsCost } from '@tidemark/cycles'
import { type PreparedModule, restoreExecution } from '@tidemark/execution'
import {
  type CanisterSnapshot,
  type CanisterState,
  type ExecutionState,
  globalValueBytes,
  isController,
  PagedMemory,
} from '@tidemark/state'
import { RejectError, toHex } from '@tidemark/types'
import { isLowOnWasmMemory } from '../../commit/hookCondition.ts'
import { announceCode } from '../../hooks/postInit.ts'
import { argumentOf, controlledCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { affordChange, payForChange } from '../change.ts'
import { prepareModule } from '../code/prepareModule.ts'
import { addHistory } from '../history.ts'
import { managementLimits } from '../limits.ts'
import { requireLiquid } from '../ledger.ts'
import { codeBytes } from '../memory.ts'
import { requireHeapDeltaRate } from '../rateLimit.ts'
import { replyWith } from '../reply.ts'
import { findSnapshot, snapshottingFailed } from './snapshotStore.ts'

/** Puts a snapshot, its own or another canister's, into a canister. @see Interface specification, "IC method `load_canister_snapshot`" */
export function loadSnapshot(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'load_canister_snapshot')
  const canister = controlledCanister(call, arg.canister_id)
  requireHeapDeltaRate(call, canister)
  const { owner, snapshot } = findSnapshot(call.subnet, canister, arg.snapshot_id)
  requireOwnersController(call, owner, canister, snapshot)
  const advance = instructionsCost(call.env.pricing, instructionCharges.snapshot, 'wasm32')
  requireLiquid(call.env.pricing, canister, call.caller, advance, snapshottingFailed)
  // An uploaded module may still be written to; what runs must not change with it.
  const prepared = prepareModule(call, canister, snapshot.wasmModule.slice())
  if ('errorCode' in prepared) return { kind: 'reject', reject: prepared }
  checkFit(prepared, snapshot)
  const execution = restoreExecution(prepared, snapshot.heap, snapshot.globals)
  checkHookStatus(canister, snapshot, execution)
  const change = affordChange(
    call,
    canister,
    {
      freedBytes: codeBytes(canister),
      addedBytes: usageToBe(prepared, snapshot),
      instructions: instructionCharges.snapshot,
      inAdvance: true,
      ofModule: { instructions: BigInt(snapshot.sizeBytes) + instanceCost(call, prepared), wasmMode: prepared.module.wasmMode },
    },
    snapshottingFailed,
  )
  payForChange(call, canister, change)
  apply(canister, snapshot, execution)
  if (call.options.rateLimits) canister.installCodeDebit += instanceCost(call, prepared)
  if (call.env.experimentalHooks === true) announceCode(canister, 'load_snapshot')
  canister.version += 1n
  canister.lastInstallNanos = call.env.timeNanos
  addHistory(call, canister, arg, {
    kind: 'load_snapshot',
    fromCanisterId: owner === canister ? undefined : owner.id,
    snapshotId: snapshot.id,
    canisterVersion: snapshot.canisterVersion,
    takenAtTimestampNanos: snapshot.takenAtTimestampNanos,
    source: snapshot.source,
  })
  return replyWith('load_canister_snapshot', undefined, { target: canister, changedBytes: snapshot.sizeBytes })
}

function requireOwnersController(
  { caller }: ManagementCall,
  owner: CanisterState,
  canister: CanisterState,
  snapshot: CanisterSnapshot,
): void {
  if (isController(owner.settings, caller)) return
  throw new RejectError(
    'CanisterRejectedMessage',
    `Only a controller of the canister that snapshot ${toHex(snapshot.id)} belongs to can load it on canister ${canister.id.toText()}. Sender: ${caller.toText()}.`,
  )
}

/** Bytes of code, memory and chunks of a canister that has the snapshot loaded. */
function usageToBe({ module }: PreparedModule, { sizeBytes, certifiedData, source }: CanisterSnapshot): number {
  const ownGlobal = source === 'metadata_upload' ? globalValueBytes : 0
  return sizeBytes - certifiedData.length + ownGlobal + module.metadataBytes
}

/** A snapshot brings its module along, which is made ready to run again. */
function instanceCost({ env, subnet }: ManagementCall, { module }: PreparedModule): bigint {
  return instanceInstructions(env.pricing, BigInt(module.instructionCount), subnet.compiledModules.has(toHex(module.hash)))
}

/** An uploaded snapshot may be anything; a taken one fits because it ran. */
function checkFit({ facts, savedGlobals }: PreparedModule, snapshot: CanisterSnapshot): void {
  if (snapshot.source === 'taken_from_canister') return
  const expected = savedGlobals.map((index) => facts.globals[index]?.type)
  const found = snapshot.globals.map(({ type }) => type)
  if (expected.length !== found.length || expected.some((type, i) => type !== found[i])) {
    throw invalid('Wasm exported globals of canister module and snapshot metadata do not match.')
  }
  const { heapBytes32, heapBytes64 } = managementLimits
  const heapBytes = BigInt(snapshot.heap.sizeBytes)
  const max = facts.memory === undefined ? 0n : facts.memory.address === 'i64' ? heapBytes64 : heapBytes32
  if (heapBytes > max || snapshot.heap.sizePages > (facts.memory?.maximumPages ?? Number.POSITIVE_INFINITY)) {
    throw invalid(`Snapshot Metadata contains invalid data: the module cannot have a heap of ${heapBytes} bytes`)
  }
  if (snapshot.heap.sizePages < (facts.memory?.initialPages ?? 0)) {
    throw invalid(`Snapshot Metadata contains invalid data: the module begins with a larger heap than ${heapBytes} bytes`)
  }
}

const hookNames = { condition_not_satisfied: 'ConditionNotSatisfied', ready: 'Ready', executed: 'Executed' } as const

/** The status that comes with an upload must be one that the target could be in. */
function checkHookStatus(canister: CanisterState, { source, hookStatus }: CanisterSnapshot, execution: ExecutionState): void {
  if (source === 'taken_from_canister' || hookStatus === undefined) return
  const satisfied = isLowOnWasmMemory({ ...canister, execution })
  if (satisfied === (hookStatus !== 'condition_not_satisfied')) return
  throw invalid(
    `Hook status (Some(${hookNames[hookStatus]})) of uploaded snapshot is inconsistent with the canister's state (hook condition satisfied: ${satisfied}).`,
  )
}

function apply(canister: CanisterState, snapshot: CanisterSnapshot, execution: ExecutionState): void {
  canister.execution = execution
  canister.stableMemory = new PagedMemory(snapshot.stableMemory)
  canister.certifiedData = snapshot.certifiedData
  canister.chunkStore = new Map(snapshot.chunkStore)
  if (snapshot.source === 'taken_from_canister') return
  if (snapshot.globalTimer !== undefined) canister.globalTimerNanos = snapshot.globalTimer
  if (snapshot.hookStatus !== undefined) canister.hookStatus = snapshot.hookStatus
}

function invalid(text: string): RejectError {
  return new RejectError('InvalidManagementPayload', text)
}
