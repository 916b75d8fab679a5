/** Installation of a module, however it came here. @see Interface specification, "IC method `install_code`" */
import { compileInstructions, prepaidExecution } from '@tidemark/cycles'
import { executeInstall, executionReject } from '@tidemark/execution'
import type { CanisterState } from '@tidemark/state'
import { InvariantError, type Reject, RejectError } from '@tidemark/types'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { requireLiquid } from '../ledger.ts'
import { type Attempt, finishInstall, HeldInstall, type Installation, type StartedInstall } from './finishInstall.ts'
import { requireInstallRate } from '../rateLimit.ts'
import { prepareModule } from './prepareModule.ts'
import { checkMemoryOption, type InstallationMode, parseMode } from './upgradeOptions.ts'

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
  const started: StartedInstall = { call, mode, installation, attempt, prepaid, wasmMode, startedNanos: call.env.timeNanos }
  const slices = slicesOf(attempt, limits.installSliceInstructions)
  if (slices === 1) return finishInstall(call, canister, started)
  canister.longExecution = {
    startedRound: call.subnet.round,
    instructions: attempt.instructionsUsed,
    slices,
    slicesDone: 1,
    prepaidCycles: prepaid,
    ingressDebitCycles: 0n,
    result: new HeldInstall(started),
  }
  return { kind: 'deferred', target: canister.id }
}

/** Every stage has slices of its own, the first of them in the round in which the stage before it ended; compiling has none. */
function slicesOf({ stages }: Attempt, slice: number): number {
  return stages.reduce((sum, { outcome }) => sum + Math.max(0, Math.ceil(outcome.instructionsUsed / slice) - 1), 1)
}

function checkTarget(call: ManagementCall, canister: CanisterState, { mode }: InstallationMode): void {
  const id = canister.id.toText()
  if (mode === 'install' && canister.execution !== undefined) {
    throw new RejectError(
      'CanisterNonEmpty',
      `Canister ${id} cannot be installed because the canister is not empty. Try installing with mode='reinstall' instead.`,
    )
  }
  requireInstallRate(call, canister)
}

function attemptInstall(call: ManagementCall, canister: CanisterState, mode: InstallationMode, installation: Installation): Attempt {
  const { env, caller } = call
  const failed = (reject: Reject): Attempt => ({ instructionsUsed: 0, logs: [], stages: [], done: { reject } })
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
  const { logs, stages } = outcome
  const ran = { instructionsUsed: outcome.instructionsUsed + compiling, logs, stages }
  if (outcome.error !== undefined) return { ...ran, done: { reject: executionReject(canister.id, outcome.error) } }
  if (outcome.applied === undefined) throw new InvariantError('an installation ended with neither a result nor an error')
  return { ...ran, done: { applied: outcome.applied } }
}
