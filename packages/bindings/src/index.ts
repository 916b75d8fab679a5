import type { Binding } from './binding.ts'
import * as assetsTypes from './generated/assets.ts'
import * as experimentalManagementTypes from './generated/experimentalManagement.ts'
import * as lifecycleHooksTypes from './generated/lifecycleHooks.ts'
import * as lifecycleHooksExampleTypes from './generated/lifecycleHooksExample.ts'
import * as cyclesLedgerTypes from './generated/cyclesLedger.ts'
import * as cyclesMintingTypes from './generated/cyclesMinting.ts'
import * as icpLedgerTypes from './generated/icpLedger.ts'
import * as internetIdentityTypes from './generated/internetIdentity.ts'
import * as lowWasmMemoryHookTypes from './generated/lowWasmMemoryHook.ts'
import * as managementTypes from './generated/management.ts'
import * as monitorTypes from './generated/monitor.ts'
import * as registryTypes from './generated/registry.ts'
import * as systemCallsTypes from './generated/systemCalls.ts'

export { limitDecoding } from './limitDecoding.ts'
export type { ActorMethod } from './actorMethod.ts'
export type { Binding } from './binding.ts'
export type { _SERVICE as AssetsService } from './generated/assets.ts'
export type { _SERVICE as ExperimentalManagementService } from './generated/experimentalManagement.ts'
export type { _SERVICE as LifecycleHooksService } from './generated/lifecycleHooks.ts'
export type { _SERVICE as LifecycleHooksExampleService } from './generated/lifecycleHooksExample.ts'
export type { _SERVICE as CyclesLedgerService } from './generated/cyclesLedger.ts'
export type { _SERVICE as CyclesMintingService } from './generated/cyclesMinting.ts'
export type { _SERVICE as IcpLedgerService } from './generated/icpLedger.ts'
export type { _SERVICE as InternetIdentityService } from './generated/internetIdentity.ts'
export type { _SERVICE as LowWasmMemoryHookService } from './generated/lowWasmMemoryHook.ts'
export type { _SERVICE as ManagementService } from './generated/management.ts'
export type { _SERVICE as MonitorService } from './generated/monitor.ts'
export type { _SERVICE as RegistryService } from './generated/registry.ts'

// Every named Candid type of an interface, as a TypeScript type and as an IDL value under the same name.
export {
  assetsTypes,
  experimentalManagementTypes,
  lifecycleHooksExampleTypes,
  lifecycleHooksTypes,
  lowWasmMemoryHookTypes,
  managementTypes,
  monitorTypes,
  systemCallsTypes,
}

/** The asset canister that serves the dashboard. */
export const assets: Binding<assetsTypes._SERVICE> = { idlFactory: assetsTypes.idlFactory, init: assetsTypes.init, did: assetsTypes.did }

/** What `aaaaa-aa` takes and gives besides the protocol's own fields where experimental hooks are on. */
export const experimentalManagement: Binding<experimentalManagementTypes._SERVICE> = {
  idlFactory: experimentalManagementTypes.idlFactory,
  init: experimentalManagementTypes.init,
  did: experimentalManagementTypes.did,
}

/** The proposed lifecycle hooks, as methods of the canister that has them. */
export const lifecycleHooks: Binding<lifecycleHooksTypes._SERVICE> = {
  idlFactory: lifecycleHooksTypes.idlFactory,
  init: lifecycleHooksTypes.init,
  did: lifecycleHooksTypes.did,
}

/** The canister with every lifecycle hook, in Motoko and in TypeScript alike. */
export const lifecycleHooksExample: Binding<lifecycleHooksExampleTypes._SERVICE> = {
  idlFactory: lifecycleHooksExampleTypes.idlFactory,
  init: lifecycleHooksExampleTypes.init,
  did: lifecycleHooksExampleTypes.did,
}

/** The cycles ledger of a local network. */
export const cyclesLedger: Binding<cyclesLedgerTypes._SERVICE> = {
  idlFactory: cyclesLedgerTypes.idlFactory,
  init: cyclesLedgerTypes.init,
  did: cyclesLedgerTypes.did,
}

/** The cycles minting canister of a local network. */
export const cyclesMinting: Binding<cyclesMintingTypes._SERVICE> = {
  idlFactory: cyclesMintingTypes.idlFactory,
  init: cyclesMintingTypes.init,
  did: cyclesMintingTypes.did,
}

/** The ICP ledger of a local network. */
export const icpLedger: Binding<icpLedgerTypes._SERVICE> = {
  idlFactory: icpLedgerTypes.idlFactory,
  init: icpLedgerTypes.init,
  did: icpLedgerTypes.did,
}

/** The stand-in for Internet Identity of a local network. */
export const internetIdentity: Binding<internetIdentityTypes._SERVICE> = {
  idlFactory: internetIdentityTypes.idlFactory,
  init: internetIdentityTypes.init,
  did: internetIdentityTypes.did,
}

/** The hook example, Motoko and hand-written Wasm alike. */
export const lowWasmMemoryHook: Binding<lowWasmMemoryHookTypes._SERVICE> = {
  idlFactory: lowWasmMemoryHookTypes.idlFactory,
  init: lowWasmMemoryHookTypes.init,
  did: lowWasmMemoryHookTypes.did,
}

/** The management canister, `aaaaa-aa`. */
export const management: Binding<managementTypes._SERVICE> = {
  idlFactory: managementTypes.idlFactory,
  init: managementTypes.init,
  did: managementTypes.did,
}

/** The monitor. */
export const monitor: Binding<monitorTypes._SERVICE> = {
  idlFactory: monitorTypes.idlFactory,
  init: monitorTypes.init,
  did: monitorTypes.did,
}

/** What a local network tells of itself at the registry's id. */
export const registry: Binding<registryTypes._SERVICE> = {
  idlFactory: registryTypes.idlFactory,
  init: registryTypes.init,
  did: registryTypes.did,
}
