export type { Furnishable } from './call.ts'
export { installSystemCanisters, type FurnishOptions } from './install.ts'
export { updateSystemCanisters } from './update.ts'
export {
  isForThisMachine,
  type NetworkFacts,
  type SubnetFacts,
  type SystemCanister,
  systemCanisterOf,
  systemCanisters,
} from './canisters.ts'
export { SystemCanisterError } from './systemCanisterError.ts'
