/** Puts the system canisters on a network, as its first messages. */
import { IDL } from '@dfinity/candid'
import { management, type ManagementService } from '@tidemark/bindings'
import { anonymousPrincipal, managementCanisterId } from '@tidemark/types'
import { callSystem, type Furnishable } from './call.ts'
import { candid, initTypes, type NetworkFacts, nnsRootId, type SystemCanister, systemCanisters } from './canisters.ts'
import { SystemCanisterError } from './systemCanisterError.ts'

export interface FurnishOptions extends NetworkFacts {
  /** Module by the canister's name; a canister without one is left out. */
  readonly modules: ReadonlyMap<string, Uint8Array>
  /**
   * `development`: the anonymous principal controls the canisters, so that whoever develops on the network may change
   * them. `mainnet`: controllers and allocations are those of the public network. Default `development`.
   */
  readonly settings?: 'development' | 'mainnet'
}

type Argument<Method extends keyof ManagementService> = Parameters<ManagementService[Method]>[0]

/**
 * Creates and installs the system canisters that are not there yet.
 *
 * @throws SystemCanisterError when the network refuses one
 */
export function installSystemCanisters(network: Furnishable, options: FurnishOptions): void {
  for (const canister of systemCanisters) {
    const module = options.modules.get(canister.name)
    if (module === undefined || isThere(network, canister)) continue
    create(network, canister, options)
    install(network, canister, module, options)
  }
}

function isThere(network: Furnishable, { id }: SystemCanister): boolean {
  return network.metadataAccess(id, 'candid:service', anonymousPrincipal) !== 'missing'
}

function create(network: Furnishable, canister: SystemCanister, options: FurnishOptions): void {
  const allocation = { ...noSettings, memory_allocation: [canister.memoryAllocation] as [bigint] }
  manage(network, canister, options, 'provisional_create_canister_with_cycles', {
    amount: [canister.cycles],
    specified_id: [candid(canister.id)],
    settings: options.settings === 'mainnet' ? [allocation] : [],
    sender_canister_version: [],
  })
}

const noSettings: NonNullable<Argument<'provisional_create_canister_with_cycles'>['settings'][0]> = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  log_visibility: [],
  snapshot_visibility: [],
  status_visibility: [],
  log_memory_limit: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  environment_variables: [],
  minimum_incoming_canister_call_cycles: [],
}

function install(network: Furnishable, canister: SystemCanister, module: Uint8Array, options: FurnishOptions): void {
  manage(network, canister, options, 'install_code', {
    mode: { install: null },
    canister_id: candid(canister.id),
    wasm_module: module,
    arg: new Uint8Array(IDL.encode(initTypes(canister, IDL), [canister.init(options)])),
    sender_canister_version: [],
  })
}

/** Calls a management method as the canister's controller to be. */
function manage<Method extends 'install_code' | 'provisional_create_canister_with_cycles'>(
  network: Furnishable,
  { name, id }: SystemCanister,
  { settings }: FurnishOptions,
  method: Method,
  argument: Argument<Method>,
): void {
  const sender = settings === 'mainnet' ? nnsRootId : anonymousPrincipal
  const call = { sender, canisterId: managementCanisterId, effectiveCanisterId: id, binding: management, method, argument }
  const failure = callSystem(network, call)
  if (failure !== undefined) throw new SystemCanisterError(name, failure)
}
