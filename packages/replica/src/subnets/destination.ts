/**
 * Which subnet works a message off.
 *
 * @see Interface specification, "The IC management canister": calls go to the subnet of the canister that they are about,
 * or to one that holds the key that they name.
 */
import type { Request } from '@tidemark/state'
import { type Principal, RejectError, managementCanisterId } from '@tidemark/types'
import { decodeArgument, effectiveCanisterIdOf, fromCandidPrincipal } from '../management/index.ts'
import type { SubnetDirectory, SubnetEntry } from './directory.ts'

/** The subnet that a request goes to; undefined when its receiver is on none. @param own - the subnet that it comes from */
export function destinationOf(directory: SubnetDirectory, own: SubnetEntry, request: Request): SubnetEntry | undefined {
  const { receiver } = request
  if (receiver.key === managementCanisterId.key) return managementSubnet(directory, request) ?? own
  return directory.hostOf(receiver) ?? directory.subnet(receiver)
}

/** `undefined` for what the sender's own subnet does, or refuses. */
function managementSubnet(directory: SubnetDirectory, { methodName, arg }: Request): SubnetEntry | undefined {
  try {
    switch (methodName) {
      case 'ecdsa_public_key':
      case 'sign_with_ecdsa':
        return holderOf(directory, decodeArgument(methodName, arg).key_id.name)
      case 'schnorr_public_key':
      case 'sign_with_schnorr':
        return holderOf(directory, decodeArgument(methodName, arg).key_id.name)
      case 'vetkd_public_key':
      case 'vetkd_derive_key':
        return holderOf(directory, decodeArgument(methodName, arg).key_id.name)
      case 'subnet_info':
      case 'node_metrics_history':
      case 'subnet_metrics':
        return directory.subnet(fromCandidPrincipal(decodeArgument(methodName, arg).subnet_id))
      default:
        return subnetOfTarget(directory, methodName, arg)
    }
  } catch (thrown) {
    // The subnet at home tells what is wrong with an argument.
    if (thrown instanceof RejectError) return undefined
    throw thrown
  }
}

function subnetOfTarget(directory: SubnetDirectory, methodName: string, arg: Uint8Array): SubnetEntry | undefined {
  const target: Principal | 'any' | undefined = effectiveCanisterIdOf(methodName, arg)
  return target === undefined || target === 'any' ? undefined : directory.hostOf(target)
}

/** The first subnet that holds a key. */
function holderOf(directory: SubnetDirectory, keyName: string): SubnetEntry | undefined {
  return directory.entries().find(({ chainKeys }) => chainKeys.includes(keyName))
}
