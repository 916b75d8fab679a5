/**
 * What a call to the management canister is given and what it returns.
 *
 * @see Interface specification, "The IC management canister".
 */
import type { InstallStage, PreparedModule, SubnetEnvironment } from '@tidemark/execution'
import type { Request, ResponsePayload, SubnetState } from '@tidemark/state'
import type { Principal, Reject } from '@tidemark/types'
import type { ChainKeys } from '../chainKeys/index.ts'
import type { CanisterIndexRange } from '../subnets/directory.ts'

/** What differs from network to network. */
export interface ManagementOptions {
  /** Cycles of a canister that is created without an amount. */
  readonly defaultProvisionalCycles: bigint
  /** Where fresh canister ids come from. */
  readonly canisterRange: CanisterIndexRange
  /** Ids outside of `canisterRange` that may be asked for by `specified_id`. */
  readonly hostedRanges: readonly CanisterIndexRange[]
  /** Whether everybody may create and top up canisters out of nothing. */
  readonly allowProvisional: boolean
  /** Canisters that the subnet can have. */
  readonly maxCanisters: number
  /** Whether canisters that change too much memory, or install too much code, are held back. */
  readonly rateLimits: boolean
  readonly replicaVersion: string
  readonly registryVersion: bigint
  readonly nodeIds: readonly Principal[]
  /** Checks and compiles a module as it was uploaded. @throws RejectError CanisterInvalidWasm */
  prepareModule(bytes: Uint8Array): PreparedModule
  /** Bytes of the round's randomness, never the same twice. */
  randomBytes(length: number): Uint8Array
  /** Whether HTTPS outcalls wait to be answered from outside, or are refused. Absent: `off`. */
  readonly httpOutcalls?: 'off' | 'mocked' | 'mocked_any_scheme'
  /** Keys to sign with. Absent: the subnet holds none. */
  readonly chainKeys?: ChainKeys
  /** Names of the keys that this subnet signs with, and of those that any subnet of the network does. Absent: all there are. */
  readonly chainKeyNames?: { readonly own: readonly string[]; network(): readonly string[] }
}

/** Where a call came from; decides where its answer goes. */
export type CallSource =
  | {
      readonly kind: 'ingress'
      readonly requestKey: string
      /** Bytes of the message, when it was taken in free of charge and pays afterwards. */
      readonly unpaidBytes?: number
    }
  | { readonly kind: 'canister'; readonly request: Request }

/** One call, about to be executed. */
export interface ManagementCall {
  readonly subnet: SubnetState
  readonly env: SubnetEnvironment
  readonly options: ManagementOptions
  readonly caller: Principal
  readonly origin: CallSource
  readonly methodName: string
  readonly arg: Uint8Array
  /** Cycles attached. */
  readonly cycles: bigint
}

/** An answer to some earlier call that became due. */
export interface Answer {
  readonly to:
    | { readonly kind: 'ingress'; readonly requestKey: string }
    | {
        readonly kind: 'canister'
        readonly caller: Principal
        readonly callbackId: bigint
        readonly deadlineNanos: bigint
        /** Who answers: the management canister, or the canister that was called. */
        readonly respondent: Principal
      }
  readonly payload: ResponsePayload
  /** Cycles that return to the caller. */
  readonly refund: bigint
}

/** What an install has run, whether it succeeded or not. */
interface InstallRun {
  /** With those of compiling. */
  readonly instructionsUsed?: number
  readonly cyclesCharged?: bigint
  readonly stages?: readonly InstallStage[]
}

/**
 * How a call ended. After a reject the state is as before, but for what a failed install has cost and logged: then `target`
 * names its canister.
 * `deferred` means that the answer comes later, out of `finishStopping`, `answerRandomness` or `answerSignatures`, or when
 * the last slice of a long installation ends.
 */
export type ManagementResult =
  | ({
      readonly kind: 'reply'
      readonly data: Uint8Array
      /** Of the cycles attached; the rest returns. */
      readonly cyclesKept: bigint
      /** Canister whose low-memory condition is to be evaluated again. */
      readonly target?: Principal
      readonly answers?: readonly Answer[]
      /** Bytes of memory that the call wrote besides what an install did: they count as changed by the target. */
      readonly changedBytes?: number
      /** What the call counts for in a round without being billed: work that is not done by canister code. */
      readonly roundInstructions?: number
    } & InstallRun)
  | ({ readonly kind: 'reject'; readonly reject: Reject; readonly target?: Principal } & InstallRun)
  | { readonly kind: 'deferred'; readonly target?: Principal }
