/** What a management call costs its target in memory and in instructions: judged first, paid when all else is judged. */
import { instructionsCost } from '@tidemark/cycles'
import type { CanisterState, WasmMode } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { withAdvice } from './advice.ts'
import type { ManagementCall, ManagementResult } from './call.ts'
import { burn, requireLiquid } from './ledger.ts'
import { affordUsage, reserve } from './memory.ts'

export interface Change {
  /** Bytes that will be gone: a replaced snapshot, dropped code. */
  readonly freedBytes: number
  readonly addedBytes: number
  /** Instructions that the call is billed as. */
  readonly instructions: bigint
  /** Whether their fee is taken before the memory is judged. */
  readonly inAdvance?: boolean
  /** More of them, at the price of a module's width. */
  readonly ofModule?: { readonly instructions: bigint; readonly wasmMode: WasmMode }
}

/** A change that can be paid for. */
export interface AffordableChange {
  readonly costCycles: bigint
  readonly reservation: bigint
}

/**
 * Judges a change by the rules of `affordUsage`.
 *
 * @param refuse - Puts the text of a canister that is out of cycles into the error of the method.
 * @throws RejectError from `refuse` and from `affordUsage`
 */
export function affordChange(
  { env, caller }: ManagementCall,
  canister: CanisterState,
  change: Change,
  refuse: (text: string) => RejectError,
): AffordableChange {
  const { ofModule } = change
  const moduleCycles = ofModule === undefined ? 0n : instructionsCost(env.pricing, ofModule.instructions, ofModule.wasmMode)
  // The mode of the module makes no difference here: these are not instructions of the canister's own.
  const ownCycles = instructionsCost(env.pricing, change.instructions, 'wasm32')
  const costCycles = ownCycles + moduleCycles
  const growthBytes = BigInt(change.addedBytes - change.freedBytes)
  const fee = {
    costCycles,
    advanceCycles: change.inAdvance === true ? ownCycles : 0n,
    require: (threshold: bigint) => requireLiquid(env.pricing, canister, caller, costCycles, refuse, threshold),
  }
  const reservation = affordUsage(env, canister, growthBytes, fee)
  return { costCycles, reservation }
}

/** Takes what `affordChange` has found to be there. */
export function payForChange(call: ManagementCall, canister: CanisterState, change: AffordableChange): void {
  burn(call.subnet, canister, change.costCycles, 'instructions')
  reserve(canister, change.reservation)
}

/**
 * Takes the fee for instructions before it is known whether the rest succeeds: what fails then has cost it.
 *
 * @throws RejectError from `refuse` when they do not fit above the freezing threshold
 */
export function chargeFirst(
  call: ManagementCall,
  canister: CanisterState,
  instructions: bigint,
  refuse: (text: string) => RejectError,
  rest: () => ManagementResult,
): ManagementResult {
  const { env, caller, subnet } = call
  const costCycles = instructionsCost(env.pricing, instructions, 'wasm32')
  requireLiquid(env.pricing, canister, caller, costCycles, refuse)
  burn(subnet, canister, costCycles, 'instructions')
  try {
    return rest()
  } catch (thrown) {
    if (thrown instanceof RejectError) return { kind: 'reject', reject: withAdvice(thrown.reject), target: canister.id }
    throw thrown
  }
}
