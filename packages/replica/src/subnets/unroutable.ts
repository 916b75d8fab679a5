/** Calls of the management canister that go nowhere: the subnet of the caller finds out where a call goes, before anybody works on it. */
import type { Request } from '@tidemark/state'
import { createReject, managementCanisterId, type Reject, RejectError } from '@tidemark/types'
import {
  decodeArgument,
  effectiveCanisterIdOf,
  fromCandidPrincipal,
  isInternalMethod,
  isMethodName,
  type MethodName,
} from '../management/index.ts'
import type { SubnetDirectory } from './directory.ts'

/** What the subnet of the caller does itself, and whose argument it does not look at for that. */
const doneAtHome: ReadonlySet<string> = new Set<MethodName>([
  'create_canister',
  'provisional_create_canister_with_cycles',
  'raw_rand',
  'http_request',
  'flexible_http_request',
  'list_canisters',
])

const ofSubnets: ReadonlySet<string> = new Set<MethodName>(['node_metrics_history', 'subnet_info', 'subnet_metrics'])

/**
 * Why a call of the management canister by its own id has no destination; undefined when it has one, or is another call.
 *
 * @param directory - of a network; without it every canister and no other subnet is here
 */
export function unroutable(directory: SubnetDirectory | undefined, { receiver, methodName, arg }: Request): Reject | undefined {
  if (receiver.key !== managementCanisterId.key || doneAtHome.has(methodName) || isInternalMethod(methodName)) return undefined
  if (!isMethodName(methodName)) return refused(methodName, `MethodNotFound(${JSON.stringify(methodName)})`)
  try {
    const argument = decodeArgument(methodName, arg)
    if (directory === undefined) return undefined
    if (ofSubnets.has(methodName)) return unknownSubnet(directory, argument)
    const target = effectiveCanisterIdOf(methodName, arg)
    if (target === undefined || target === 'any' || directory.hostOf(target) !== undefined) return undefined
    return refused(methodName, `SubnetNotFound(CanisterId(${target.toText()}), ${printMethod(methodName)})`)
  } catch (thrown) {
    if (!(thrown instanceof RejectError)) throw thrown
    const { errorCode, message } = thrown.reject
    return refused(methodName, `UserError(UserError { code: ${errorCode}, description: ${JSON.stringify(message)} })`)
  }
}

function unknownSubnet(directory: SubnetDirectory, argument: unknown): Reject | undefined {
  const { subnet_id: named } = argument as { readonly subnet_id: Parameters<typeof fromCandidPrincipal>[0] }
  const id = fromCandidPrincipal(named)
  return directory.subnet(id) === undefined ? createReject('CanisterNotFound', `No route to canister ${id.toText()}`) : undefined
}

function refused(methodName: string, reason: string): Reject {
  return createReject('CanisterNotFound', `Unable to route management canister request ${methodName}: ${reason}`)
}

/** The router has one branch for these, which calls all of them by one name. */
const likeDeposits: ReadonlySet<string> = new Set<MethodName>([
  'canister_status',
  'start_canister',
  'stop_canister',
  'delete_canister',
  'deposit_cycles',
])

function printMethod(methodName: string): string {
  const name = likeDeposits.has(methodName) ? 'deposit_cycles' : methodName
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
