/**
 * One execution: what goes in, what the system calls gather, what comes out.
 *
 * @see Interface specification, "Abstract behavior", "Method execution".
 */
import { freezingThreshold } from '@tidemark/cycles'
import { type CanisterState, type WasmClosure, memoryUsage } from '@tidemark/state'
import type { Principal, Reject, SenderInfo } from '@tidemark/types'
import type { EntryKind } from './entryKind.ts'
import type { SubnetEnvironment } from './environment.ts'
import type { CapturedState } from './sandbox/capture.ts'
import { MessageLog } from './systemApi/messageLog.ts'
import { StableAccess } from './systemApi/stableAccess.ts'

/** What an execution is started with. */
export interface ExecutionInput {
  readonly kind: EntryKind
  readonly caller: Principal
  /** Argument, or in a reply callback the reply. */
  readonly arg: Uint8Array
  readonly methodName?: string
  /** Present in reject callbacks and their cleanup. */
  readonly reject?: Reject
  readonly senderInfo?: SenderInfo | undefined
  /** Cycles that can be accepted. */
  readonly availableCycles?: bigint
  /** Cycles that came back with a response. */
  readonly refundedCycles?: bigint
  readonly deadlineNanos?: bigint
  /** Whether the call can still be answered here. */
  readonly canRespond: boolean
  readonly instructionLimit: number
  /** Instructions of the call context before this execution. */
  readonly contextInstructions?: bigint
  /** Makes the certificate over the canister's certified data, in queries; signing costs, so it is made only when it is read. */
  readonly dataCertificate?: (() => Uint8Array) | undefined
  /** Differences from the canister's own state to go on from. */
  readonly resume?: CapturedState | undefined
  /** Version that the canister sees. */
  readonly version: bigint
}

/** A call as the canister made it, with what was withdrawn for it. */
export interface OutgoingCall {
  readonly callee: Principal
  readonly methodName: string
  readonly arg: Uint8Array
  readonly cycles: bigint
  readonly onReply: WasmClosure
  readonly onReject: WasmClosure
  readonly onCleanup: WasmClosure | undefined
  /** Nanoseconds; 0 for a guaranteed response. */
  readonly deadlineNanos: bigint
  readonly prepaidRequest: bigint
  readonly prepaidTransmission: bigint
  readonly prepaidExecution: bigint
}

/** A call being put together between `call_new` and `call_perform`. */
export interface CallInPreparation {
  readonly callee: Principal
  readonly methodName: string
  readonly methodNameBytes: number
  readonly chunks: Uint8Array[]
  size: number
  readonly onReply: WasmClosure
  readonly onReject: WasmClosure
  onCleanup: WasmClosure | undefined
  cycles: bigint
  deadlineNanos: bigint | undefined
}

export type Answer = { readonly kind: 'reply'; readonly data: Uint8Array } | { readonly kind: 'reject'; readonly message: string }

/** The gathering side of one execution; system calls write here and nowhere else. */
export class Execution {
  readonly canister: CanisterState
  readonly env: SubnetEnvironment
  readonly input: ExecutionInput
  readonly kind: EntryKind

  answer: Answer | undefined
  readonly replyChunks: Uint8Array[] = []
  replySize = 0
  call: CallInPreparation | undefined
  readonly calls: OutgoingCall[] = []
  acceptedMessage = false
  acceptedCycles = 0n
  burnedCycles = 0n
  mintedCycles = 0n
  /** Cycles moved from the balance to the reserved balance because memory grew. */
  reservedCycles = 0n
  certifiedData: Uint8Array | undefined
  globalTimerNanos: bigint | undefined
  #stableAccess: StableAccess | undefined
  readonly log = new MessageLog()
  /** Bytes of heap and stable memory gained so far. */
  grownBytes = 0n
  /** Of these, what came newly from the subnet. */
  allocatedBytes = 0n
  /** Bytes that the calls made here will take: room for their responses, and what of them waits. */
  callBytes = 0
  readonly #usageAtStart: bigint
  #spent = 0n

  constructor(canister: CanisterState, env: SubnetEnvironment, input: ExecutionInput) {
    this.canister = canister
    this.env = env
    this.input = input
    this.kind = input.kind
    this.#usageAtStart = BigInt(memoryUsage(canister))
  }

  /** Pages of stable memory touched so far; most messages touch none. */
  get stableAccess(): StableAccess {
    this.#stableAccess ??= new StableAccess()
    return this.#stableAccess
  }

  get usageBytes(): bigint {
    return this.#usageAtStart + this.grownBytes
  }

  /** Bytes that messages take, with the calls made here. */
  get messageBytes(): bigint {
    return BigInt(this.canister.queues.memoryBytes + this.callBytes)
  }

  /** What the canister holds now: after prepayment, calls, attached and accepted cycles. */
  get balance(): bigint {
    return this.canister.balance + this.acceptedCycles + this.mintedCycles - this.burnedCycles - this.reservedCycles - this.#spent
  }

  get availableCycles(): bigint {
    if (this.answer !== undefined) return 0n
    return (this.input.availableCycles ?? 0n) - this.acceptedCycles
  }

  /** Cycles that must stay so that the canister is not frozen, at its memory of this moment. */
  get freezingLimit(): bigint {
    const settings = this.canister.settings
    return freezingThreshold(this.env.pricing, {
      memoryAllocationBytes: settings.memoryAllocation,
      memoryUsageBytes: this.usageBytes,
      messageMemoryBytes: this.messageBytes,
      computeAllocationPercent: settings.computeAllocation,
      freezingThresholdSeconds: settings.freezingThreshold,
      reservedBalance: this.canister.reservedBalance + this.reservedCycles,
    })
  }

  get liquidBalance(): bigint {
    const liquid = this.balance - this.freezingLimit
    return liquid > 0n ? liquid : 0n
  }

  /** Takes cycles out of the balance for a call; the caller has checked that they are there. */
  spend(cycles: bigint): void {
    this.#spent += cycles
  }

  /** Cycles that calls took, with those of a call still in preparation. */
  get spentCycles(): bigint {
    return this.#spent
  }

  /** Drops the call in preparation; its cycles return. */
  discardCall(): void {
    if (this.call !== undefined) this.#spent -= this.call.cycles
    this.call = undefined
  }
}
