/** Which subnet of an instance a call goes to. */
import { mainnetKindOf, type Network, type Subnet } from '@tidemark/network'
import { effectiveCanisterIdOf } from '@tidemark/replica'
import type { Instance } from '../instance/instance.ts'
import { decodeProvisionalId } from './provisionalId.ts'
import { managementCanisterId, type Principal } from '@tidemark/types'
import { badRequest } from '../wire/apiError.ts'
import { type Fields, fieldsOf, isAbsent, principalOf } from '../wire/fields.ts'

/** Whom a client names to route by; undefined when it leaves that to the server. */
export type EffectivePrincipal = { readonly kind: 'canister' | 'subnet'; readonly id: Principal } | undefined

export interface RoutedCall {
  readonly canisterId: Principal
  readonly methodName: string
  readonly arg: Uint8Array
}

const provisional = 'provisional_create_canister_with_cycles'

/** @throws ApiError 422 for another form */
export function effectivePrincipalOf(effective: unknown): EffectivePrincipal {
  if (isAbsent(effective) || effective === 'None') return undefined
  const { CanisterId: canister, SubnetId: subnet }: Fields = fieldsOf(effective, '`effective_principal`')
  if (!isAbsent(canister)) return { kind: 'canister', id: principalOf(canister, '`CanisterId`', 'effective canister id') }
  return { kind: 'subnet', id: principalOf(subnet, '`SubnetId`', 'subnet id') }
}

/** The subnet that was named. @throws ApiError 400 when it is not there */
export function subnetOf(network: Network, effective: NonNullable<EffectivePrincipal>): Subnet {
  const { kind, id } = effective
  const subnet = kind === 'subnet' ? network.subnet(id) : network.hostOf(id)
  if (subnet !== undefined) return subnet
  throw badIngress(kind === 'subnet' ? `Subnet with ID ${id.toText()} not found` : `Canister ${id.toText()} does not belong to any subnet.`)
}

/** The canister id that a call is routed by; a subnet that the public network has is added for a canister to be created on it. */
export function effectiveCanisterIdFor(instance: Instance, call: RoutedCall, named: EffectivePrincipal): Principal {
  const { network } = instance
  const isCreation = call.canisterId.equals(managementCanisterId) && call.methodName === provisional
  const effective = named ?? derived(call, isCreation)
  if (effective === undefined) return network.defaultEffectiveCanisterId
  if (effective.kind === 'subnet') {
    const subnet = subnetOf(network, effective)
    return call.canisterId.equals(managementCanisterId) ? subnet.replica.defaultEffectiveCanisterId : call.canisterId
  }
  if (isCreation && effective.id.equals(managementCanisterId)) return network.defaultEffectiveCanisterId
  if (isCreation && network.hostOf(effective.id) === undefined) addSubnetFor(instance, effective.id)
  subnetOf(network, effective)
  return effective.id
}

/** What a call that names nobody is routed by; undefined when any subnet will do. */
function derived({ canisterId, methodName, arg }: RoutedCall, isCreation: boolean): EffectivePrincipal {
  if (!canisterId.equals(managementCanisterId)) return { kind: 'canister', id: canisterId }
  if (isCreation) {
    const id = decodeProvisionalId(arg)
    return id && { kind: 'canister', id }
  }
  const target = effectiveCanisterIdOf(methodName, arg)
  if (target === 'any') return undefined
  if (target === undefined) throw badIngress(`Error decoding candid: no canister id in the argument of ${methodName}`)
  return { kind: 'canister', id: target }
}

function addSubnetFor(instance: Instance, id: Principal): void {
  const kind = mainnetKindOf(id)
  const text = id.toText()
  if (kind === undefined) {
    throw badIngress(`The effective canister ID ${text} does not belong to an existing subnet and it is not a mainnet canister ID.`)
  }
  if (kind === 'nns') {
    const advice = 'please set up your PocketIC instance with a subnet of that `SubnetKind`.'
    throw badIngress(
      `The effective canister ID ${text} belongs to the NNS subnet on the IC mainnet for which PocketIC provides a \`SubnetKind\`: ${advice}`,
    )
  }
  instance.addMainnetSubnet(id)
}

function badIngress(reason: string): Error {
  return badRequest(`BadIngressMessage("${reason}")`)
}
