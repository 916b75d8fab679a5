/** Trace events of a management call: one for itself, and before it one for every function that an installation has run. */
import type { InstallStage } from '@tidemark/execution'
import type { TraceRecorder } from '@tidemark/trace'
import { managementCanisterId } from '@tidemark/types'
import type { ManagementResult } from '../management/index.ts'
import type { World } from '../world.ts'

const decoder = new TextDecoder()

/** Records a call that has ended, or whose answer comes later. */
export function recordManagement(world: World, trace: TraceRecorder, methodName: string, result: ManagementResult): void {
  const canisterId = (result.target ?? managementCanisterId).toText()
  const run = result.kind === 'deferred' ? undefined : result
  for (const stage of run?.stages ?? []) recordStage(world, trace, canisterId, stage)
  trace.record({
    round: world.state.round,
    timeNanos: world.state.timeNanos,
    canisterId,
    kind: 'management',
    methodName,
    instructions: BigInt(run?.instructionsUsed ?? 0),
    cyclesCharged: run?.cyclesCharged ?? 0n,
    heapPagesDirtied: 0,
    memoryBefore: 0n,
    memoryAfter: 0n,
    outcome: result.kind === 'reject' ? 'trapped' : 'returned',
    ...(result.kind === 'reject' ? { error: result.reject.message } : {}),
    logs: [],
  })
}

function recordStage(
  world: World,
  trace: TraceRecorder,
  canisterId: string,
  { kind, outcome, memoryBefore, memoryAfter }: InstallStage,
): void {
  trace.record({
    round: world.state.round,
    timeNanos: world.state.timeNanos,
    canisterId,
    kind,
    instructions: BigInt(outcome.instructionsUsed),
    // The call as a whole pays.
    cyclesCharged: 0n,
    heapPagesDirtied: outcome.dirtyHeapPages,
    memoryBefore: BigInt(memoryBefore),
    memoryAfter: BigInt(memoryAfter),
    outcome: outcome.error === undefined ? 'returned' : 'trapped',
    ...(outcome.error === undefined ? {} : { error: outcome.error.message }),
    logs: outcome.logs.map((content) => decoder.decode(content)),
  })
}
