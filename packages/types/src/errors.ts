/**
 * Reject codes and error codes: the one table of each.
 *
 * The leading digit of an error code is its reject code.
 *
 * @see Interface specification, "Reject codes" and "Error codes".
 */

/** Reject codes of the public specification. */
export const rejectCodes = {
  sysFatal: 1,
  sysTransient: 2,
  destinationInvalid: 3,
  canisterReject: 4,
  canisterError: 5,
  sysUnknown: 6,
} as const

export type RejectCode = (typeof rejectCodes)[keyof typeof rejectCodes]

/** Error codes by the names that the network's implementation gives them. */
export const errorCodes = {
  SubnetOversubscribed: 101,
  MaxNumberOfCanistersReached: 102,
  CanisterQueueFull: 201,
  IngressMessageTimeout: 202,
  CanisterQueueNotEmpty: 203,
  IngressHistoryFull: 204,
  CanisterIdAlreadyExists: 205,
  StopCanisterRequestTimeout: 206,
  CanisterOutOfCycles: 207,
  CertifiedStateUnavailable: 208,
  CanisterInstallCodeRateLimited: 209,
  CanisterHeapDeltaRateLimited: 210,
  CanisterNotFound: 301,
  CanisterSnapshotNotFound: 305,
  InsufficientMemoryAllocation: 402,
  InsufficientCyclesForCreateCanister: 403,
  SubnetNotFound: 404,
  CanisterNotHostedBySubnet: 405,
  CanisterRejectedMessage: 406,
  UnknownManagementMessage: 407,
  InvalidManagementPayload: 408,
  CanisterSnapshotImmutable: 409,
  InvalidSubnetAdmin: 410,
  CanisterTrapped: 502,
  CanisterCalledTrap: 503,
  CanisterContractViolation: 504,
  CanisterInvalidWasm: 505,
  CanisterDidNotReply: 506,
  CanisterOutOfMemory: 507,
  CanisterStopped: 508,
  CanisterStopping: 509,
  CanisterNotStopped: 510,
  CanisterStoppingCancelled: 511,
  CanisterInvalidController: 512,
  CanisterFunctionNotFound: 513,
  CanisterNonEmpty: 514,
  QueryCallGraphLoopDetected: 517,
  InsufficientCyclesInCall: 520,
  CanisterWasmEngineError: 521,
  CanisterInstructionLimitExceeded: 522,
  CanisterMemoryAccessLimitExceeded: 524,
  QueryCallGraphTooDeep: 525,
  QueryCallGraphTotalInstructionLimitExceeded: 526,
  CompositeQueryCalledInReplicatedMode: 527,
  QueryTimeLimitExceeded: 528,
  QueryCallGraphInternal: 529,
  InsufficientCyclesInComputeAllocation: 530,
  InsufficientCyclesInMemoryAllocation: 531,
  InsufficientCyclesInMemoryGrow: 532,
  ReservedCyclesLimitExceededInMemoryAllocation: 533,
  ReservedCyclesLimitExceededInMemoryGrow: 534,
  InsufficientCyclesInMessageMemoryGrow: 535,
  CanisterMethodNotFound: 536,
  CanisterWasmModuleNotFound: 537,
  CanisterAlreadyInstalled: 538,
  CanisterWasmMemoryLimitExceeded: 539,
  ReservedCyclesLimitIsTooLow: 540,
  CanisterInvalidControllerOrSubnetAdmin: 541,
  CanisterStatusAccessDenied: 542,
  DeadlineExpired: 601,
  ResponseDropped: 602,
} as const

export type ErrorCode = keyof typeof errorCodes

/** Why a message was refused: what a caller of the network sees. */
export interface Reject {
  readonly code: RejectCode
  readonly message: string
  readonly errorCode: ErrorCode
}

/** The reject that an error of the given code gives. */
export function createReject(errorCode: ErrorCode, message: string): Reject {
  return { code: rejectCodeOf(errorCode), message, errorCode }
}

/** The reject code that belongs to an error code. */
export function rejectCodeOf(errorCode: ErrorCode): RejectCode {
  return Math.floor(errorCodes[errorCode] / 100) as RejectCode
}

/** Printed form of an error code, for example `IC0503`. */
export function errorCodeText(errorCode: ErrorCode): string {
  return `IC${String(errorCodes[errorCode]).padStart(4, '0')}`
}

/** Thrown inside the replica where the protocol prescribes a reject; becomes that reject at the nearest message. */
export class RejectError extends Error {
  override readonly name = 'RejectError'
  readonly reject: Reject

  constructor(errorCode: ErrorCode, message: string) {
    super(message)
    this.reject = createReject(errorCode, message)
  }
}

/** A broken assumption of our own: never the fault of a canister or a client. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}
