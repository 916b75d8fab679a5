/** Installation of a module, however it came here. @see Interface specification, "IC method `install_code`" */
import type { managementTypes } from '@tidemark/bindings'
import { instanceInstructions, prepaidExecution } from '@tidemark/cycles'
import { claimedBytes, executeInstall, executionReject, type InstallOutcome, type LoadedModule, wasmModeOf } from '@tidemark/execution'
import { type CanisterState, historyGrowthBytes, type WasmMode } from '@tidemark/state'
import { createReject, type Reject, RejectError, toHex } from '@tidemark/types'
import { withAdvice } from '../advice.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { requireLiquid } from '../ledger.ts'
import { reserveForGrowth } from '../memory.ts'
import { installRateExceeded } from '../rateLimit.ts'
import { type Attempt, finishInstall, HeldInstall, type InstallOrigin, refundOf, type StartedInstall } from './finishInstall.ts'
import type { ModuleSource } from './moduleSource.ts'
import { prepareModule } from './prepareModule.ts'
import { type InstallationMode, invalidMemoryOption, missingMemoryOption, parseMode } from './upgradeOptions.ts'

/** What is to be installed. */
export interface Installation {
  readonly mode: managementTypes.InstallMode
  readonly source: ModuleSource
  readonly arg: Uint8Array
  readonly origin: InstallOrigin
}

/**
 * Runs an installation that the caller has the right to. Once the prepayment is made, what was executed is paid for and
 * logged even if the installation fails; everything else then stays as it was. With the prices of 2025 the module that is
 * to be installed sets the price of an instruction.
 *
 * @throws RejectError CanisterOutOfCycles, before anything has changed
 */
export function installModule(call: ManagementCall, canister: CanisterState, installation: Installation): ManagementResult {
  const mode = parseMode(installation.mode)
  const { pricing, limits } = call.env
  const { bytes } = installation.source
  // Since 2026 a module is not looked into before it is paid for.
  const wasmMode = pricing.profile === '2026' || 'errorCode' in bytes ? 'wasm32' : wasmModeOf(bytes)
  const prepaid = prepaidExecution(pricing, BigInt(limits.installInstructions), wasmMode)
  requireLiquid(
    pricing,
    canister,
    call.caller,
    prepaid,
    (text) => new RejectError('CanisterOutOfCycles', `Canister installation failed with \`${text}\`.`),
  )
  canister.balance -= prepaid
  const attempt = withMemory(call, canister, mode, prepaid, wasmMode, attemptInstall(call, canister, mode, installation))
  const origin = { sender_canister_version: installation.origin.sender_canister_version }
  const started: StartedInstall = { call, mode, origin, attempt, prepaid, wasmMode, startedNanos: call.env.timeNanos }
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

function attemptInstall(call: ManagementCall, canister: CanisterState, mode: InstallationMode, installation: Installation): InstallOutcome {
  const refused = refusedAtOnce(call, canister, mode)
  if (refused !== undefined) return { instructionsUsed: 0, logged: [], stages: [], done: { reject: refused } }
  return executeInstall(canister, call.env, {
    mode: mode.mode,
    load: () => loadModule(call, canister, mode, installation.source),
    arg: installation.arg,
    caller: call.caller,
    skipPreUpgrade: mode.skipPreUpgrade,
    keepHeap: mode.memory === 'keep',
    instructionLimit: call.env.limits.installInstructions,
  })
}

/** What is found out before anything runs. */
function refusedAtOnce(call: ManagementCall, canister: CanisterState, { mode }: InstallationMode): Reject | undefined {
  const id = canister.id.toText()
  if (mode === 'install' && canister.execution !== undefined) {
    const text = `Canister ${id} cannot be installed because the canister is not empty. Try installing with mode='reinstall' instead.`
    return withAdvice(createReject('CanisterNonEmpty', text))
  }
  const tooSoon = installRateExceeded(call, canister)
  if (tooSoon !== undefined || mode !== 'upgrade' || canister.execution !== undefined) return tooSoon
  const message = 'Attempted to execute a message, but the canister contains no Wasm module.'
  return executionReject(canister, { errorCode: 'CanisterWasmModuleNotFound', message })
}

/** Puts the module together and compiles it; counts what that takes, up to where it fails. */
function loadModule(call: ManagementCall, canister: CanisterState, mode: InstallationMode, source: ModuleSource): LoadedModule {
  const assembling = Number(source.instructions)
  if ('errorCode' in source.bytes) return { instructions: assembling, reject: source.bytes }
  const missing = missingMemoryOption(mode, canister.execution?.module)
  if (missing !== undefined) return { instructions: assembling, reject: missing }
  const prepared = prepareModule(call, canister, source.bytes)
  const opcodes = 'errorCode' in prepared ? claimedBytes(source.bytes) : prepared.module.instructionCount
  const compiledBefore = !('errorCode' in prepared) && call.subnet.compiledModules.has(toHex(prepared.module.hash))
  const instructions = assembling + Number(instanceInstructions(call.env.pricing, BigInt(opcodes), compiledBefore))
  if ('errorCode' in prepared) return { instructions, reject: prepared }
  const invalid = invalidMemoryOption(mode, prepared.module)
  // The network stops here without having counted the compilation.
  return invalid === undefined ? { instructions, prepared } : { instructions: assembling, reject: invalid }
}

/** Takes the memory that an installation needs in the end with its entry in the history, or lets it fail. */
function withMemory(
  call: ManagementCall,
  canister: CanisterState,
  mode: InstallationMode,
  prepaid: bigint,
  wasmMode: WasmMode,
  { done, ...ran }: InstallOutcome,
): Attempt {
  if ('reject' in done) return { ...ran, done }
  const { applied } = done
  try {
    const cost = applied.burnedCycles - refundOf(call, prepaid, ran.instructionsUsed, wasmMode)
    const details = { kind: 'code_deployment', mode: mode.mode, moduleHash: applied.execution.module.hash } as const
    const growthBytes = applied.growthBytes + BigInt(historyGrowthBytes(canister.history, { details }))
    const reservedCycles = reserveForGrowth(call.env, canister, growthBytes, cost)
    return { ...ran, done: { applied, reservedCycles } }
  } catch (thrown) {
    if (thrown instanceof RejectError) return { ...ran, done: { reject: withAdvice(thrown.reject) } }
    throw thrown
  }
}
