/** A system canister could not be put on the network, or changed. */
export class SystemCanisterError extends Error {
  override readonly name = 'SystemCanisterError'

  /** @param canister - name of the canister; @param reason - what the network said */
  constructor(canister: string, reason: string) {
    super(`The system canister ${canister} cannot be set up: ${reason}`)
  }
}
