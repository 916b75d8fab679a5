/** What a replica is created with. */
import type { CostSchedule, Profile, SubnetType } from '@tidemark/cycles'
import type { RewrittenModuleStore } from '@tidemark/execution'
import type { TraceRecorder } from '@tidemark/trace'
import type { Principal } from '@tidemark/types'
import type { SubnetPlace } from './subnets/directory.ts'

/** A line that a canister printed. */
export interface DebugPrint {
  readonly canisterId: Principal
  /** Block time, nanoseconds since 1970. */
  readonly timeNanos: bigint
  readonly text: string
}

/** Options of a replica with one subnet. All have defaults; the same options and inputs give the same state. */
export interface ReplicaOptions {
  /** 32 bytes from which all keys derive. Default: all zero. */
  readonly seed?: Uint8Array
  /** Prices and metering. Default `2026`. */
  readonly profile?: Profile
  /** Number of nodes that prices are scaled to. Default 13. */
  readonly subnetSize?: number
  /** Sets limits and prices: a system subnet charges nothing and lets executions run longer. Default `application`. */
  readonly subnetType?: SubnetType
  readonly costSchedule?: CostSchedule
  /**
   * Who may create canisters by ingress, list all of the subnet, and start, stop, uninstall, delete and look at each of them.
   * As on the public network only application subnets with the cost schedule `free` have such administrators; others have none.
   */
  readonly subnetAdmins?: readonly Principal[]
  /** `benchmarking` lets executions run as long as they like. Default `production`. */
  readonly instructionLimits?: 'production' | 'benchmarking'
  /** Nodes run in confidential machines: 2026 prices then scale against 7 nodes instead of 13. Default false. */
  readonly sev?: boolean
  /** Block time of the genesis, nanoseconds since 1970. Default 1_620_328_630_000_000_000. */
  readonly initialTimeNanos?: bigint
  /** Bytes of memory of the subnet. Default 2 TiB. */
  readonly subnetCapacityBytes?: bigint
  /** Bytes above which growth reserves cycles. Default 750 GiB. */
  readonly subnetThresholdBytes?: bigint
  /** Bytes that count as taken by others: lets a laptop play a nearly full subnet. Default 0. */
  readonly virtualUsageBytes?: bigint
  /** Whether a memory allocation also caps usage, as before the end of 2025: to compare. Default false. */
  readonly allocationCapsUsage?: boolean
  /**
   * Whether canisters that change more than 75 MiB of memory a round, or install too much code, are held back as on the public
   * network. Default false, as on other development networks; the limits of a round and of the subnet hold in any case.
   */
  readonly rateLimits?: boolean
  /** Bytes that waiting best-effort messages of all canisters may take when a round ends; the largest are dropped. Default 5 GiB. */
  readonly bestEffortMemoryBytes?: number
  /**
   * Bytes of stack that a call chain may use, by the model of docs/metering.md. The default of 360,000 is what every engine has
   * without being told; `networkStackBudget` needs more: `node --stack-size=7000`.
   */
  readonly stackBudget?: number
  /** Whether canisters may opt in to lifecycle hooks that the protocol does not have, see docs/hooks.md. Default false. */
  readonly experimentalHooks?: boolean
  /**
   * HTTPS outcalls: refused as on a subnet without them, or `mocked`: listed by `pendingHttpOutcalls` until
   * `answerHttpOutcall` is called or 60 s of block time have passed; `mocked_any_scheme` lets addresses with `http:` pass,
   * too, as servers for tests do. Default `off`.
   */
  readonly httpOutcalls?: 'off' | 'mocked' | 'mocked_any_scheme'
  /** Receives an event per message; absent costs nothing. */
  readonly trace?: TraceRecorder
  /** Hears what canisters print, as they print it, in queries and installs too; lines are cut to what the canister's log can hold. */
  readonly onDebugPrint?: (print: DebugPrint) => void
  /**
   * Milliseconds on a clock that only runs forward, by which a composite query ends after ten seconds. Nothing else looks at
   * it: state never depends on it. Absent: composite queries end by their instructions only.
   */
  readonly monotonicMillis?: () => number
  /** Where the subnet stands in a network of several. Absent: it is the only one, and hosts every id. */
  readonly place?: SubnetPlace
  /** Keeps rewritten modules beyond the process. */
  readonly rewrittenModules?: RewrittenModuleStore
}
