import type { Principal } from '@dfinity/principal'

/** What the hooks need of the canister they run in. With Azle, each is one of its functions. */
export interface HookHost {
  /** The canister's own id. */
  self(): Principal
  /** Nanoseconds since 1970. */
  timeNanos(): bigint
  /** Cycles. */
  balanceCycles(): bigint
  /** Bytes of Wasm heap, where the language can tell. Without it the heap is the monitor's to watch. */
  heapBytes?(): bigint
  /**
   * Asks somebody for it, where the language cannot tell: `canister_status` answers the canister itself. Asked after each run, for
   * its record; a rejection leaves 0.
   */
  askHeapBytes?(): Promise<bigint>
  /** Calls a canister with encoded arguments; rejects with what the host rejects with, see `describeError`. */
  call(canister: Principal, method: string, args: Uint8Array): Promise<Uint8Array>
  /** Runs a function in a message of its own, as soon as the network gets to it. */
  soon(run: () => Promise<void>): void
}
