/** The end of an installation: its effects become state, and it is paid for. */
import { executionRefund } from '@tidemark/cycles'
import type { AppliedInstall, InstallStage } from '@tidemark/execution'
import {
  appendLogs,
  type CanisterState,
  type LoggedRecords,
  type LongResult,
  purgeLog,
  type StateClass,
  type WasmMode,
} from '@tidemark/state'
import { type Reject, toHex } from '@tidemark/types'
import { announceCode } from '../../hooks/postInit.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { emptyReply } from '../codec.ts'
import { addHistory } from '../history.ts'
import { burn } from '../ledger.ts'
import { reserve } from '../memory.ts'
import type { InstallationMode } from './upgradeOptions.ts'

/** Who says to install, as the history wants to know it. */
export interface InstallOrigin {
  readonly sender_canister_version: [] | [bigint]
}

/** How far an installation came. */
export interface Attempt {
  readonly instructionsUsed: number
  readonly logged: readonly LoggedRecords[]
  readonly stages: readonly InstallStage[]
  /** With the cycles to move to the reserved balance. */
  readonly done: { readonly applied: AppliedInstall; readonly reservedCycles: bigint } | { readonly reject: Reject }
}

/** An installation that has run and is not applied. */
export interface StartedInstall {
  readonly call: ManagementCall
  readonly mode: InstallationMode
  readonly origin: InstallOrigin
  readonly attempt: Attempt
  readonly prepaid: bigint
  readonly wasmMode: WasmMode
  readonly startedNanos: bigint
}

/** An installation of more than a slice: the canister stays as it is until its slices have passed. */
export class HeldInstall implements LongResult {
  readonly kind = 'install'
  readonly started: StartedInstall

  constructor(started: StartedInstall) {
    this.started = started
  }
}

type CallAround = Pick<ManagementCall, 'subnet' | 'env' | 'options'>
type InstallParts = Omit<StartedInstall, 'call'> & { readonly call: Omit<ManagementCall, keyof CallAround> }

/** Captures installations that wait for their slices, without the network around them. */
export function heldInstallClass(around: () => CallAround): StateClass<HeldInstall, InstallParts, InstallParts> {
  return {
    name: 'HeldInstall',
    type: HeldInstall,
    capture: ({ started }) => {
      const { subnet: _subnet, env: _env, options: _options, ...call } = started.call
      return { ...started, call }
    },
    revive: (parts) => new HeldInstall({ ...parts, call: { ...parts.call, ...around() } }),
    toPortable: (parts) => parts,
    fromPortable: (parts) => parts,
  }
}

/** What comes back of the prepayment of an installation. */
export function refundOf({ env: { pricing, limits } }: ManagementCall, prepaid: bigint, instructionsUsed: number, mode: WasmMode): bigint {
  return executionRefund(pricing, prepaid, BigInt(Math.max(0, limits.installInstructions - instructionsUsed)), mode)
}

/** Applies an installation that has run, and settles what it cost. */
export function finishInstall(call: ManagementCall, canister: CanisterState, started: StartedInstall): ManagementResult {
  const { attempt, mode, origin, prepaid, wasmMode, startedNanos } = started
  const refund = refundOf(call, prepaid, attempt.instructionsUsed, wasmMode)
  canister.balance += prepaid
  burn(call.subnet, canister, prepaid - refund, 'instructions')
  if (call.options.rateLimits) canister.installCodeDebit += BigInt(attempt.instructionsUsed)
  if ('applied' in attempt.done) {
    reserve(canister, attempt.done.reservedCycles)
    apply(call, canister, mode, attempt.done.applied, origin)
  }
  for (const records of attempt.logged) appendLogs(canister.log, startedNanos, records, Number(canister.settings.logMemoryLimit))
  const { instructionsUsed, stages } = attempt
  const told = { target: canister.id, instructionsUsed, cyclesCharged: prepaid - refund, stages }
  return 'applied' in attempt.done
    ? { kind: 'reply', data: emptyReply, cyclesKept: 0n, ...told }
    : { kind: 'reject', reject: attempt.done.reject, ...told }
}

function apply(
  call: ManagementCall,
  canister: CanisterState,
  { mode }: InstallationMode,
  applied: AppliedInstall,
  origin: InstallOrigin,
): void {
  canister.execution = applied.execution
  canister.stableMemory = applied.stableMemory
  canister.certifiedData = applied.certifiedData
  canister.globalTimerNanos = applied.globalTimerNanos
  burn(call.subnet, canister, applied.burnedCycles, 'burned_cycles')
  if (mode !== 'upgrade') purgeLog(canister.log)
  canister.version += 1n
  canister.lastInstallNanos = call.env.timeNanos
  const { hash } = applied.execution.module
  call.subnet.compiledModules.add(toHex(hash))
  addHistory(call, canister, origin, { kind: 'code_deployment', mode, moduleHash: hash })
  if (call.env.experimentalHooks === true) announceCode(canister, mode)
}
