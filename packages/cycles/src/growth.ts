import type { Resources } from './resources.ts'

/** A canister's money and memory, as every question about it needs them. */
export type Account = Resources & {
  readonly balance: bigint
  readonly reservedBalance: bigint
  readonly reservedCyclesLimit: bigint
  readonly freezingThresholdSeconds: bigint
}

/** The subnet's memory before the change; `usageBytes` counts the canister's own share too. */
export type SubnetMemory = {
  readonly usageBytes: bigint
  readonly availableBytes: bigint
  readonly thresholdBytes: bigint
  readonly capacityBytes: bigint
}

/** Why memory is refused; one word per check. */
export type GrowthRefusal = 'allocation_cap' | 'freezing' | 'subnet_memory' | 'reserved_limit' | 'balance'

/** The figures that the decision rests on. */
export type GrowthFigures = {
  /** What the subnet must newly give: growth inside the allocation takes nothing. */
  readonly newBytes: bigint
  /** Bytes that storage is charged for, before and after. */
  readonly chargedBefore: bigint
  readonly chargedAfter: bigint
  /** Freezing threshold with the memory as it would be, in cycles. */
  readonly freezingThreshold: bigint
  /** Cycles that move to the reserved balance; informative only when the growth is refused. */
  readonly reservation: bigint
}

/** The change under judgement: the account as it is and as it would be. */
export type GrowthCase = {
  readonly before: Account
  readonly after: Account
  readonly subnet: SubnetMemory
  readonly figures: GrowthFigures
}

/** One line of the explanation. */
export type GrowthStep = {
  /** `size` says what changes; the others name a check. */
  readonly check: 'size' | GrowthRefusal
  readonly verdict: 'note' | 'passed' | 'failed' | 'skipped'
  /** One or two sentences with all figures. */
  readonly text: string
}

/** What decided a refusal: bytes for `allocation_cap` and `subnet_memory`, cycles for the others. */
export type Shortfall = { readonly reason: GrowthRefusal; readonly needed: bigint; readonly available: bigint }

/** The answer to a request for memory. `steps` is worded only when it is read. */
export type GrowthCheck =
  | (GrowthFigures & {
      readonly ok: true
      readonly balanceAfter: bigint
      readonly reservedAfter: bigint
      readonly steps: readonly GrowthStep[]
    })
  | (GrowthFigures & Shortfall & { readonly ok: false; readonly missing: bigint; readonly steps: readonly GrowthStep[] })
