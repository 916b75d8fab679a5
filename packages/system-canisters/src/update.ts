/** Tells the system canisters of a network that its subnets have changed. */
import { cyclesMinting, registry } from '@tidemark/bindings'
import { callSystem, type Furnishable } from './call.ts'
import { candid, governanceId, type NetworkFacts, registryOf, systemCanisters } from './canisters.ts'
import { SystemCanisterError } from './systemCanisterError.ts'

/**
 * The same as governance does: the cycles minting canister learns the default subnets, the registry all of them. Canisters
 * that are not named are left alone.
 *
 * @throws SystemCanisterError when one refuses
 */
export function updateSystemCanisters(
  network: Furnishable,
  canisters: readonly string[],
  facts: Pick<NetworkFacts, 'subnets' | 'defaultSubnets'>,
): void {
  const defaults = { who: [], subnets: facts.defaultSubnets.map(candid) }
  const tell = teller(network, canisters)
  tell('cycles_minting', { binding: cyclesMinting, method: 'set_authorized_subnetwork_list', argument: defaults })
  tell('registry', { binding: registry, method: 'set_subnets', argument: registryOf(facts) })
}

type Telling = Pick<Parameters<typeof callSystem>[1], 'binding' | 'method' | 'argument'>

function teller(network: Furnishable, canisters: readonly string[]) {
  return (name: string, telling: Telling): void => {
    const canister = systemCanisters.find((one) => one.name === name && canisters.includes(name))
    if (canister === undefined) return
    const failure = callSystem(network, { ...telling, sender: governanceId, canisterId: canister.id })
    if (failure !== undefined) throw new SystemCanisterError(name, failure)
  }
}
