import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import type { Config } from './config.ts'

const maxControllers = 10

/** Whether the fleet can still be claimed, as readers see it. */
export function claimState({ localClaim, claimant }: Config): monitorTypes.ClaimState {
  if (claimant !== undefined) return { ClaimedBy: claimant }
  return localClaim ? { Open: null } : { Disabled: null }
}

/**
 * Why a caller may not claim the fleet, or undefined when it may. Whoever claimed it may do so again: canisters that
 * were registered since are then added.
 */
export function whyNotClaim({ localClaim, claimant }: Config, caller: Principal): string | undefined {
  if (!localClaim) return 'This monitor was not installed with local_claim: its controllers decide who controls the fleet.'
  if (caller.isAnonymous()) return 'The anonymous principal cannot claim the fleet: log in first.'
  if (claimant !== undefined && claimant.compareTo(caller) !== 'eq') return `${claimant.toText()} has claimed this fleet already.`
  return undefined
}

/** A canister's controllers with one more, or undefined when it is one already. */
export function withController(controllers: readonly Principal[], added: Principal): Principal[] | undefined {
  if (controllers.some((controller) => controller.compareTo(added) === 'eq')) return undefined
  if (controllers.length >= maxControllers) throw new Error(`The canister has ${controllers.length} controllers, and no more are allowed.`)
  return [...controllers, added]
}
