/** What an execution sees of the network around the canister. */
import type { Pricing } from '@tidemark/cycles'
import type { Principal } from '@tidemark/types'
import type { Limits } from './limits.ts'

/** Memory of the subnet, in bytes. */
export interface SubnetMemory {
  /** All that canisters can take. */
  readonly capacityBytes: bigint
  /** Usage above which growth must reserve cycles. */
  readonly thresholdBytes: bigint
  /** Held back from ordinary executions for response callbacks. */
  readonly callbackReserveBytes: bigint
  /** Whether an allocation is also a cap on usage, as it was before the end of 2025. */
  readonly allocationCapsUsage: boolean
  /** Allocated by all canisters now. */
  usedBytes(): bigint
}

/** Calls between canisters that have no response yet, on the whole subnet. */
export interface OpenCalls {
  /** All of them: each has a callback that waits. */
  count(): number
  /** Those whose response is guaranteed: room for the longest one is kept for each. */
  guaranteed(): number
}

/** One subnet as its canisters see it; `timeNanos` moves with the rounds. */
export interface SubnetEnvironment {
  readonly subnetId: Principal
  /** DER, 133 bytes. */
  readonly rootKey: Uint8Array
  readonly pricing: Pricing
  readonly limits: Limits
  readonly memory: SubnetMemory
  readonly openCalls: OpenCalls
  readonly timeNanos: bigint
  /** Who may manage all canisters of the subnet besides their controllers; absent where there can be nobody. */
  readonly subnetAdmins?: readonly Principal[]
  /** Whether canisters may opt in to lifecycle hooks that the protocol does not have. Default false. */
  readonly experimentalHooks?: boolean
  /** Hears every `debug_print` as it happens, in queries too, cut to what the canister's log can hold. Watches, and changes nothing. */
  readonly onDebugPrint?: (canisterId: Principal, text: Uint8Array) => void
}
