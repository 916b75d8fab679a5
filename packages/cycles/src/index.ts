export type { Count } from './amounts.ts'
export { executionBaseFee, executionRefund, instructionsCost, prepaidExecution } from './execution.ts'
export { formatBytes, formatCycles, formatCyclesExactly, formatDuration } from './format.ts'
export { burnableCycles, freezingLimit, freezingThreshold, liquidBalance, type FreezingInput } from './freezing.ts'
export type { Account, GrowthCheck, GrowthFigures, GrowthRefusal, GrowthStep, Shortfall, SubnetMemory } from './growth.ts'
export {
  httpOutcallFee,
  outcallBaseFee,
  outcallConsensusFee,
  outcallEstimate,
  outcallReplicaFee,
  type LegacyOutcall,
  type OutcallUsage,
  type Replication,
} from './httpOutcall.ts'
export * from './limits.ts'
export {
  canisterCreationFee,
  chainKeyFee,
  compileInstructions,
  fetchLogsFee,
  instructionCharges,
  maxFetchLogsFee,
  snapshotDataInstructions,
  snapshotInstructions,
  type ChainKeyOperation,
} from './management.ts'
export { checkAllocationChange, checkMemoryGrowth, type AllocationRequest, type GrowthRequest } from './memoryGrowth.ts'
export { callPrepayment, ingressInduction, responseRefund, type CallPrepayment, type CallSize } from './messages.ts'
export { cyclesPerXdr, prices, referenceSubnetSize, sevReferenceSubnetSize, type Prices, type Profile, type WasmMode } from './prices.ts'
export { createPricing, scale, type CostSchedule, type Pricing, type PricingOptions, type SubnetType } from './pricing.ts'
export { perCoreUsage, storageReservation, type SubnetUsage } from './reservation.ts'
export {
  baseCost,
  chargeAtRates,
  chargedBytes,
  computeCost,
  dayRates,
  idleCyclesBurnedPerDay,
  resourceCharge,
  storageCost,
  type DayRates,
  type ResourceCharge,
  type Resources,
} from './resources.ts'
