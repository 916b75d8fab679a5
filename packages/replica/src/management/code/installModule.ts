/** Installation of a module, however it came here. @see Interface specification, "IC method `install_code`" */
import { compileInstructions, executionRefund, prepaidExecution } from '@tidemark/cycles'
import { type AppliedInstall, executeInstall, executionReject } from '@tidemark/execution'
import { appendLog, type CanisterState, purgeLog } from '@tidemark/state'
import type { managementTypes } from '@tidemark/bindings'
import { InvariantError, type Reject, RejectError } from '@tidemark/types'
import { announceCode } from '../../hooks/postInit.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { emptyReply } from '../reply.ts'
import { addHistory } from '../history.ts'
import { burn, requireLiquid } from '../ledger.ts'
import { reserve } from '../memory.ts'
import { prepareModule } from './prepareModule.ts'
import { checkMemoryOption, type InstallationMode, parseMode } from './upgradeOptions.ts'

export interface Installation {
  readonly mode: managementTypes.InstallMode
  readonly module: Uint8Array
  readonly arg: Uint8Array
  readonly origin: { readonly sender_canister_version: [] | [bigint] }
}

/** How far an installation came. */
interface Attempt {
  readonly instructionsUsed: number
  readonly logs: readonly Uint8Array[]
  readonly done: { readonly applied: AppliedInstall } | { readonly reject: Reject }
}

/**
 * Runs an installation that the caller has the right to. Once the prepayment is made, what was executed is paid for and
 * logged even if the installation fails; everything else then stays as it was.
 *
 * @throws RejectError CanisterNonEmpty, CanisterInstallCodeRateLimited, CanisterOutOfCycles, before anything has changed
 */
export function installModule(call: ManagementCall, canister: CanisterState, installation: Installation): ManagementResult {
  const mode = parseMode(installation.mode)
  checkTarget(call, canister, mode)
  const { pricing, limits } = call.env
  const wasmMode = canister.execution?.module.wasmMode ?? 'wasm32'
  const prepaid = prepaidExecution(pricing, BigInt(limits.installInstructions), wasmMode)
  requireLiquid(
    pricing,
    canister,
    call.caller,
    prepaid,
    (text) => new RejectError('CanisterOutOfCycles', `Canister installation failed with \`${text}\`.`),
  )
  canister.balance -= prepaid
  const attempt = attemptInstall(call, canister, mode, installation)
  const unused = BigInt(Math.max(0, limits.installInstructions - attempt.instructionsUsed))
  const refund = executionRefund(pricing, prepaid, unused, wasmMode)
  canister.balance += prepaid
  burn(call.subnet, canister, prepaid - refund, 'instructions')
  if (call.options.limitInstallRate) canister.installCodeDebit += BigInt(attempt.instructionsUsed)
  if ('applied' in attempt.done) apply(call, canister, mode, attempt.done.applied, installation)
  for (const record of attempt.logs) appendLog(canister.log, call.env.timeNanos, record, Number(canister.settings.logMemoryLimit))
  const { instructionsUsed } = attempt
  return 'applied' in attempt.done
    ? { kind: 'reply', data: emptyReply, cyclesKept: 0n, target: canister.id, instructionsUsed }
    : { kind: 'reject', reject: attempt.done.reject, target: canister.id, instructionsUsed }
}

function checkTarget(call: ManagementCall, canister: CanisterState, { mode }: InstallationMode): void {
  const id = canister.id.toText()
  if (mode === 'install' && canister.execution !== undefined) {
    throw new RejectError(
      'CanisterNonEmpty',
      `Canister ${id} cannot be installed because the canister is not empty. Try installing with mode='reinstall' instead.`,
    )
  }
  if (call.options.limitInstallRate && canister.installCodeDebit > 0n) {
    throw new RejectError(
      'CanisterInstallCodeRateLimited',
      `Canister ${id} is rate limited because it executed too many instructions in the previous install_code messages. Please retry installation after several minutes.`,
    )
  }
}

function attemptInstall(call: ManagementCall, canister: CanisterState, mode: InstallationMode, installation: Installation): Attempt {
  const { env, caller } = call
  const failed = (reject: Reject, instructionsUsed = 0, logs: readonly Uint8Array[] = []): Attempt => ({
    instructionsUsed,
    logs,
    done: { reject },
  })
  if (mode.mode === 'upgrade' && canister.execution === undefined) {
    const message = 'Attempted to execute a message, but the canister contains no Wasm module.'
    return failed(executionReject(canister.id, { errorCode: 'CanisterWasmModuleNotFound', message }))
  }
  const prepared = prepareModule(call, canister, installation.module)
  if ('errorCode' in prepared) return failed(prepared)
  const unfit = checkMemoryOption(mode, canister.execution?.module, prepared.module)
  if (unfit !== undefined) return failed(unfit)
  const compiling = Number(compileInstructions(BigInt(prepared.module.instructionCount)))
  const outcome = executeInstall(canister, env, {
    mode: mode.mode,
    prepared,
    arg: installation.arg,
    caller,
    skipPreUpgrade: mode.skipPreUpgrade,
    keepHeap: mode.memory === 'keep',
    instructionLimit: Math.max(0, env.limits.installInstructions - compiling),
  })
  const instructionsUsed = outcome.instructionsUsed + compiling
  if (outcome.error !== undefined) return failed(executionReject(canister.id, outcome.error), instructionsUsed, outcome.logs)
  if (outcome.applied === undefined) throw new InvariantError('an installation ended with neither a result nor an error')
  return { instructionsUsed, logs: outcome.logs, done: { applied: outcome.applied } }
}

function apply(
  call: ManagementCall,
  canister: CanisterState,
  { mode }: InstallationMode,
  applied: AppliedInstall,
  { origin }: Installation,
): void {
  canister.execution = applied.execution
  canister.stableMemory = applied.stableMemory
  canister.certifiedData = applied.certifiedData
  canister.globalTimerNanos = applied.globalTimerNanos
  reserve(canister, applied.reservedCycles)
  burn(call.subnet, canister, applied.burnedCycles, 'burned_cycles')
  if (mode !== 'upgrade') purgeLog(canister.log)
  canister.version += 1n
  canister.lastInstallNanos = call.env.timeNanos
  addHistory(call, canister, origin, { kind: 'code_deployment', mode, moduleHash: applied.execution.module.hash })
  if (call.env.experimentalHooks === true) announceCode(canister, mode)
}
