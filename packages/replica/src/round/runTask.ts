/**
 * Runs what the system itself asks of a canister: heartbeat, global timer, the low-Wasm-memory hook.
 *
 * @see Interface specification, "Heartbeat", "Global timer", "On Low Wasm Memory".
 */
import { type EntryKind, executeMessage } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { managementCanisterId } from '@tidemark/types'
import { prepay } from '../commit/charge.ts'
import { touch } from '../commit/commitExecution.ts'
import { endHook } from '../commit/hookCondition.ts'
import { settleMessage } from '../commit/settleMessage.ts'
import type { World } from '../world.ts'
import { openContext } from './runInput.ts'

export type SystemTask = Extract<EntryKind, 'heartbeat' | 'global_timer' | 'on_low_wasm_memory'>

const exportOf: Record<SystemTask, string> = {
  heartbeat: 'canister_heartbeat',
  global_timer: 'canister_global_timer',
  on_low_wasm_memory: 'canister_on_low_wasm_memory',
}

/** Whether a canister that runs this task could pay for it now decides whether it runs at all. @returns instructions used; undefined when it did not run */
export function runTask(world: World, canister: CanisterState, task: SystemTask): number | undefined {
  const limit = world.env.limits.messageInstructions
  const exported = canister.execution?.module.exportedFunctions.has(exportOf[task]) === true
  if (task === 'on_low_wasm_memory' && !exported) {
    // Taken by the scheduler all the same: nothing visible happens, and it is not due again until re-armed.
    canister.hookStatus = 'executed'
    endHook(canister.lowWasmMemoryRuns, 'skipped', 'the code does not export it')
    touch(world, canister)
    return 0
  }
  const prepaid = prepay(world, canister, limit, managementCanisterId)
  if (typeof prepaid !== 'bigint') return undefined
  if (task === 'on_low_wasm_memory') canister.hookStatus = 'executed'
  if (task === 'global_timer') canister.globalTimerNanos = 0n
  const context = openContext(world, canister, { kind: 'system_task' }, exportOf[task], 0n)
  const outcome = executeMessage(
    canister,
    world.env,
    {
      kind: task,
      caller: managementCanisterId,
      arg: new Uint8Array(0),
      canRespond: false,
      instructionLimit: limit,
      version: canister.version,
    },
    { kind: 'export', name: exportOf[task] },
  )
  return settleMessage(world, canister, context, {
    methodName: undefined,
    startedNanos: world.state.timeNanos,
    steps: [{ outcome, kind: task, prepaid, instructionLimit: limit, discardsState: false }],
    closing: outcome,
  })
}
