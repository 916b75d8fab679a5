export { installSystemCanisters, type Furnishable, type FurnishOptions } from './install.ts'
export { type NetworkFacts, type SubnetFacts, type SystemCanister, systemCanisters } from './canisters.ts'
export { SystemCanisterError } from './systemCanisterError.ts'
