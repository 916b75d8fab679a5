export type { Count } from './amounts.ts'
export { compareProfiles, type ProfileComparison } from './compareProfiles.ts'
export { announcedSituation, exampleVariant, type ExampleSituation, type ExampleVariant } from './exampleSituations.ts'
export { executionBaseFee, executionRefund, instructionsCost, prepaidExecution } from './execution.ts'
export { explain, type Bill, type BillLine } from './explain.ts'
export { groupDigits, formatBytes, formatCycles, formatCyclesExactly, formatDuration } from './format.ts'
export { burnableCycles, freezingLimit, freezingThreshold, liquidBalance, type FreezingInput } from './freezing.ts'
export type { Account, GrowthCheck, GrowthFigures, GrowthRefusal, GrowthStep, Shortfall, SubnetMemory } from './growth.ts'
export {
  affordableUsage,
  defaultReplication,
  httpOutcallFee,
  maxOutcallUsageFee,
  outcallBaseFee,
  outcallConsensusFee,
  outcallEstimate,
  outcallNodes,
  outcallReplicaFee,
  outcallVotesNeeded,
  type LegacyOutcall,
  type OutcallUsage,
  type Replication,
} from './httpOutcall.ts'
export { balanceToLast, cyclesToThaw, lifetime, type Lifetime, type LifetimeInput } from './lifetime.ts'
export * from './limits.ts'
export {
  assemblyInstructions,
  canisterCreationFee,
  chainKeyFee,
  compileInstructions,
  fetchLogsFee,
  instanceInstructions,
  instructionCharges,
  maxFetchLogsFee,
  snapshotDataInstructions,
  snapshotInstructions,
  type ChainKeyOperation,
} from './management.ts'
export { memoryAllocationExample, type ExampleState, type ExampleStep } from './memoryAllocationExample.ts'
export { checkAllocationChange, checkMemoryGrowth, type AllocationRequest, type GrowthRequest } from './memoryGrowth.ts'
export { callPrepayment, ingressInduction, responseRefund, type CallPrepayment, type CallSize } from './messages.ts'
export { planAllocation, type AllocationPlan, type PlanRequest } from './planAllocation.ts'
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
