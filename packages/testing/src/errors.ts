import { type ErrorCode, type Principal, type Reject, errorCodeText } from '@tidemark/types'

/** A call that was rejected: by the canister, by a trap, or by the system. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly canisterId: string
  readonly methodName: string
  /** Reject code, 1 to 6. @see Interface specification, "Reject codes" */
  readonly rejectCode: number
  /** Such as `CanisterCalledTrap`. */
  readonly errorCode: ErrorCode
  /** What the protocol says, without who was called. */
  readonly rejectMessage: string

  constructor(canisterId: Principal, methodName: string, reject: Reject) {
    super(`${methodName} of ${canisterId.toText()}: ${errorCodeText(reject.errorCode)} ${reject.message}`)
    this.canisterId = canisterId.toText()
    this.methodName = methodName
    this.rejectCode = reject.code
    this.errorCode = reject.errorCode
    this.rejectMessage = reject.message
  }
}

/** A mistake of the test itself: an unknown canister, a method that is not in the interface, a call that never ends. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
