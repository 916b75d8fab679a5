import type { CanisterState } from '@tidemark/state'
import { InvariantError } from '@tidemark/types'
import { Sandbox } from './sandbox.ts'

/** The live instance of a canister with code. */
export function sandboxOf(canister: CanisterState): Sandbox {
  const live = canister.execution?.live
  if (!(live instanceof Sandbox)) throw new InvariantError(`canister ${canister.id.toText()} has no live instance`)
  return live
}
