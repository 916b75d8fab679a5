/** Puts the system canisters on a network, as its first messages. */
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { sha256 } from '@noble/hashes/sha2.js'
import { management, type ManagementService } from '@tidemark/bindings'
import { anonymousPrincipal, type IngressRecord, managementCanisterId, type ReplicaPort } from '@tidemark/types'
import { initTypes, type NetworkFacts, type SystemCanister, systemCanisters } from './canisters.ts'
import { SystemCanisterError } from './systemCanisterError.ts'

/** What a network must offer to be furnished. */
export interface Furnishable extends Pick<ReplicaPort, 'submit' | 'ingressRecord' | 'metadataAccess' | 'timeNanos'> {
  /** Executes a round. */
  tick(): void
}

export interface FurnishOptions extends NetworkFacts {
  /** Module by the canister's name; a canister without one is left out. */
  readonly modules: ReadonlyMap<string, Uint8Array>
}

const methods = new Map(management.idlFactory({ IDL })._fields)
type Argument<Method extends keyof ManagementService> = Parameters<ManagementService[Method]>[0]

const lifetimeNanos = 60_000_000_000n
const mostRounds = 1_000

/**
 * Creates and installs the system canisters that are not there yet. Their controller is the anonymous principal, so that
 * whoever develops on the network may change them.
 *
 * @throws SystemCanisterError when the network refuses one
 */
export function installSystemCanisters(network: Furnishable, options: FurnishOptions): void {
  for (const canister of systemCanisters) {
    const module = options.modules.get(canister.name)
    if (module === undefined || isThere(network, canister)) continue
    create(network, canister)
    install(network, canister, module, options)
  }
}

function isThere(network: Furnishable, { id }: SystemCanister): boolean {
  return network.metadataAccess(id, 'candid:service', anonymousPrincipal) !== 'missing'
}

function create(network: Furnishable, canister: SystemCanister): void {
  manage(network, canister, 'provisional_create_canister_with_cycles', {
    amount: [canister.cycles],
    specified_id: [CandidPrincipal.fromUint8Array(canister.id.bytes)],
    settings: [],
    sender_canister_version: [],
  })
}

function install(network: Furnishable, canister: SystemCanister, module: Uint8Array, facts: NetworkFacts): void {
  manage(network, canister, 'install_code', {
    mode: { install: null },
    canister_id: CandidPrincipal.fromUint8Array(canister.id.bytes),
    wasm_module: module,
    arg: new Uint8Array(IDL.encode(initTypes(canister, IDL), [canister.init(facts)])),
    sender_canister_version: [],
  })
}

/** Calls a management method as the anonymous principal, and runs rounds until it is answered. */
function manage<Method extends 'install_code' | 'provisional_create_canister_with_cycles'>(
  network: Furnishable,
  { name, id }: SystemCanister,
  methodName: Method,
  argument: Argument<Method>,
): void {
  const arg = new Uint8Array(IDL.encode(methods.get(methodName)?.argTypes ?? [], [argument]))
  const requestId = sha256(new TextEncoder().encode(`tidemark ${methodName} ${name}`))
  const admission = network.submit({
    requestId,
    sender: anonymousPrincipal,
    canisterId: managementCanisterId,
    effectiveCanisterId: id,
    methodName,
    arg,
    ingressExpiryNanos: network.timeNanos() + lifetimeNanos,
    sizeBytes: arg.length,
  })
  if (!admission.accepted) throw new SystemCanisterError(name, admission.reject.message)
  const outcome = answerOf(network, requestId)
  if (outcome?.status === 'rejected') throw new SystemCanisterError(name, outcome.reject.message)
  if (outcome?.status !== 'replied') throw new SystemCanisterError(name, `no answer after ${mostRounds} rounds`)
}

function answerOf(network: Furnishable, requestId: Uint8Array): IngressRecord['status'] | undefined {
  for (let round = 0; round < mostRounds; round++) {
    network.tick()
    const status = network.ingressRecord(requestId)?.status
    if (status?.status === 'replied' || status?.status === 'rejected') return status
  }
  return undefined
}
