/** What holds a canister back that has changed too much memory or installed too much code, where the network limits that. */
import type { CanisterState } from '@tidemark/state'
import { createReject, type Reject, RejectError } from '@tidemark/types'
import type { ManagementCall } from './call.ts'
import { chunkStoreError } from './chunkStore/chunkStore.ts'

/** The reject while earlier installs are being worked off. */
export function installRateExceeded({ options }: ManagementCall, canister: CanisterState): Reject | undefined {
  if (!options.rateLimits || canister.installCodeDebit === 0n) return undefined
  return createReject(
    'CanisterInstallCodeRateLimited',
    `Canister ${canister.id.toText()} is rate limited because it executed too many instructions in the previous install_code messages. Please retry installation after several minutes.`,
  )
}

/** @throws RejectError CanisterHeapDeltaRateLimited */
export function requireHeapDeltaRate(call: ManagementCall, canister: CanisterState): void {
  if (!isHeldBack(call, canister)) return
  throw new RejectError(
    'CanisterHeapDeltaRateLimited',
    `Canister ${canister.id.toText()} is heap delta rate limited: current delta debit is ${canister.heapDeltaDebit}, but limit is ${call.env.limits.canisterHeapDeltaBytes}.`,
  )
}

/** @throws RejectError CanisterContractViolation, as the chunk store words it */
export function requireChunkRate(call: ManagementCall, canister: CanisterState): void {
  if (!isHeldBack(call, canister)) return
  throw chunkStoreError(
    `Canister is heap delta rate limited. Current delta debit: ${canister.heapDeltaDebit}, limit: ${call.env.limits.canisterHeapDeltaBytes}`,
  )
}

function isHeldBack({ options, env }: ManagementCall, canister: CanisterState): boolean {
  return options.rateLimits && canister.heapDeltaDebit >= env.limits.canisterHeapDeltaBytes
}
