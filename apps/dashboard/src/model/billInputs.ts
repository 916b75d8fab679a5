import {
  announcedSituation,
  createPricing,
  gib,
  type Account,
  type ExampleSituation,
  type Pricing,
  type Profile,
  type SubnetMemory,
} from '@tidemark/cycles'
import type { Sample } from './sample.ts'

/** Everything that the bill depends on, as the sliders hold it. */
export type BillInputs = {
  readonly profile: Profile
  /** Nodes of the subnet. */
  readonly subnetSize: number
  readonly allocationBytes: bigint
  readonly usageBytes: bigint
  readonly growthBytes: bigint
  /** Memory taken on the subnet, this canister included. */
  readonly subnetUsageBytes: bigint
  readonly freezingThresholdSeconds: bigint
  readonly balanceCycles: bigint
  readonly reservedBalanceCycles: bigint
  readonly reservedLimitCycles: bigint
  /** Known of live canisters only; 0 otherwise. */
  readonly computeAllocationPercent: bigint
}

/** Names of the inputs that have a slider. */
export type SliderName =
  | 'allocationBytes'
  | 'usageBytes'
  | 'growthBytes'
  | 'subnetUsageBytes'
  | 'freezingThresholdSeconds'
  | 'balanceCycles'
  | 'reservedLimitCycles'

export const pricingOf = ({ profile, subnetSize }: Pick<BillInputs, 'profile' | 'subnetSize'>): Pricing =>
  createPricing({ profile, subnetSize })

export const accountOf = (inputs: BillInputs): Account => ({
  memoryAllocationBytes: inputs.allocationBytes,
  memoryUsageBytes: inputs.usageBytes,
  balance: inputs.balanceCycles,
  reservedBalance: inputs.reservedBalanceCycles,
  reservedCyclesLimit: inputs.reservedLimitCycles,
  freezingThresholdSeconds: inputs.freezingThresholdSeconds,
  computeAllocationPercent: inputs.computeAllocationPercent,
})

/** The subnet around the canister, with the capacity and the threshold of the public network. */
export const subnetOf = (inputs: BillInputs): SubnetMemory => {
  const { subnetThresholdBytes, subnetCapacityBytes } = announcedSituation(pricingOf(inputs))
  const free = subnetCapacityBytes - inputs.subnetUsageBytes
  return {
    usageBytes: inputs.subnetUsageBytes,
    availableBytes: free > 0n ? free : 0n,
    thresholdBytes: subnetThresholdBytes,
    capacityBytes: subnetCapacityBytes,
  }
}

/** Inputs that show a situation of the example about to grow. */
export const inputsOfSituation = (
  prices: Pick<BillInputs, 'profile' | 'subnetSize'>,
  situation: ExampleSituation,
  usageBytes: bigint,
  growthBytes: bigint,
): BillInputs => ({
  ...prices,
  allocationBytes: situation.memoryAllocationBytes,
  usageBytes,
  growthBytes,
  subnetUsageBytes: situation.subnetUsageBytes,
  freezingThresholdSeconds: situation.freezingThresholdSeconds,
  balanceCycles: situation.balance,
  reservedBalanceCycles: 0n,
  reservedLimitCycles: situation.reservedCyclesLimit,
  computeAllocationPercent: 0n,
})

/** One more page of Wasm memory: what a canister asks for when it grows by the least it can. */
export const wasmPageBytes = 65_536n

/**
 * A canister's own figures in place of the sliders'. What a canister's status does not tell, the subnet's memory and
 * the price profile, stays as it was.
 */
export const inputsOfSample = (inputs: BillInputs, sample: Sample): BillInputs => ({
  ...inputs,
  allocationBytes: sample.settings.memoryAllocationBytes,
  usageBytes: sample.memoryBytes,
  growthBytes: inputs.growthBytes >= gib ? wasmPageBytes : inputs.growthBytes,
  freezingThresholdSeconds: sample.settings.freezingThresholdSeconds,
  balanceCycles: sample.balanceCycles,
  reservedBalanceCycles: sample.reservedCycles,
  reservedLimitCycles: sample.settings.reservedCyclesLimit,
  computeAllocationPercent: sample.settings.computeAllocationPercent,
})
