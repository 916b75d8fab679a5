/** What holds a canister back that has changed too much memory or installed too much code, where the network limits that. */
import type { CanisterState } from '@tidemark/state'
import { createReject, type Reject, RejectError } from '@tidemark/types'
import type { ManagementCall } from './call.ts'

/** The reject while earlier installs are being worked off. */
export function installRateExceeded({ options }: ManagementCall, canister: CanisterState): Reject | undefined {
  if (!options.rateLimits || canister.installCodeDebit === 0n) return undefined
  return createReject(
    'CanisterInstallCodeRateLimited',
    `Canister ${canister.id.toText()} is rate limited because it executed too many instructions in the previous install_code messages. Please retry installation after several minutes.`,
  )
}

/** @throws RejectError CanisterHeapDeltaRateLimited */
export function requireHeapDeltaRate({ options, env }: ManagementCall, canister: CanisterState): void {
  if (!options.rateLimits || canister.heapDeltaDebit < env.limits.canisterHeapDeltaBytes) return
  throw new RejectError(
    'CanisterHeapDeltaRateLimited',
    `Canister ${canister.id.toText()} is heap delta rate limited: current delta debit is ${canister.heapDeltaDebit}, but limit is ${env.limits.canisterHeapDeltaBytes}.`,
  )
}
