/**
 * Messages between canisters, and what the state remembers of a call.
 *
 * @see Interface specification, "Abstract behavior", sections on calls, call contexts and messages.
 */
import type { Principal, Reject, SenderInfo } from '@tidemark/types'

/** What comes back from a call. */
export type ResponsePayload = { readonly kind: 'reply'; readonly data: Uint8Array } | { readonly kind: 'reject'; readonly reject: Reject }

/** A call from one canister to another, or to the management canister. */
export interface Request {
  readonly kind: 'request'
  readonly sender: Principal
  readonly receiver: Principal
  readonly callbackId: bigint
  readonly methodName: string
  readonly arg: Uint8Array
  /** Cycles attached. */
  readonly cycles: bigint
  /** Nanoseconds; 0 for a call with a guaranteed response. */
  readonly deadlineNanos: bigint
  /** Version of the sender when it made the call. */
  readonly senderVersion: bigint
}

/** The answer to a request, on its way to the caller. */
export interface Response {
  readonly kind: 'response'
  /** The canister that made the call. */
  readonly originator: Principal
  readonly respondent: Principal
  readonly callbackId: bigint
  readonly payload: ResponsePayload
  /** Cycles that come back. */
  readonly refund: bigint
  readonly deadlineNanos: bigint
}

/** An update call from outside, waiting in a canister's ingress queue. */
export interface QueuedIngress {
  readonly kind: 'ingress'
  /** Hexadecimal request id: the key in the ingress history. */
  readonly requestKey: string
  readonly sender: Principal
  readonly methodName: string
  readonly arg: Uint8Array
  readonly expiryNanos: bigint
  readonly senderInfo: SenderInfo | undefined
  /** Bytes of a message that was taken in free of charge and pays after it was executed: small changes of settings. */
  readonly unpaidBytes?: number
}

export type InputMessage = QueuedIngress | Request | Response

/** Who started a call context. */
export type CallOrigin =
  | { readonly kind: 'ingress'; readonly requestKey: string; readonly sender: Principal; readonly senderInfo: SenderInfo | undefined }
  | { readonly kind: 'canister'; readonly caller: Principal; readonly callbackId: bigint; readonly deadlineNanos: bigint }
  | { readonly kind: 'system_task' }
  /** A system message whose reply nobody hears, though it may be given. */
  | { readonly kind: 'lifecycle_hook' }
  | { readonly kind: 'query'; readonly caller: Principal; readonly senderInfo: SenderInfo | undefined }

/** One call being worked on by a canister. */
export interface CallContext {
  readonly id: bigint
  readonly origin: CallOrigin
  readonly methodName: string
  responded: boolean
  /** Set when the canister was uninstalled while the call was open. */
  deleted: boolean
  /** Cycles not yet accepted. */
  availableCycles: bigint
  /** Instructions of all executions of this context so far. */
  instructionsExecuted: bigint
  /** Calls made by this context that have no response yet. */
  outstandingCalls: number
  readonly startTimeNanos: bigint
}

/** An entry of the function table with its environment. */
export interface WasmClosure {
  readonly func: number
  readonly env: bigint
}

/** What a canister set aside for the response of a call that it made. */
export interface Callback {
  readonly id: bigint
  readonly callContextId: bigint
  readonly callee: Principal
  readonly methodName: string
  readonly cyclesSent: bigint
  /** Cycles prepaid for running the callback. */
  readonly prepaidExecution: bigint
  /** Cycles prepaid for carrying the longest possible response. */
  readonly prepaidTransmission: bigint
  readonly onReply: WasmClosure
  readonly onReject: WasmClosure
  readonly onCleanup: WasmClosure | undefined
  readonly deadlineNanos: bigint
}

/** The caller that a canister sees for a call context. */
export function callerOf(origin: CallOrigin, managementCanister: Principal): Principal {
  switch (origin.kind) {
    case 'ingress':
      return origin.sender
    case 'canister':
    case 'query':
      return origin.caller
    case 'system_task':
    case 'lifecycle_hook':
      return managementCanister
  }
}
