import type { managementTypes } from '@tidemark/bindings'
import type { SubnetEnvironment } from '@tidemark/execution'
import type { SubnetState } from '@tidemark/state'
import { type Principal, RejectError } from '@tidemark/types'
import { requireSubnetAdmin } from '../access.ts'
import { decodeArgument, toCandidPrincipal } from '../codec.ts'

/**
 * Ids of all canisters of the subnet, as ranges without gaps, for its administrators.
 *
 * @throws RejectError CanisterRejectedMessage where there can be no administrators; InvalidSubnetAdmin
 * @see Interface specification, "IC method `list_canisters`"
 */
export function listCanisters(
  subnet: SubnetState,
  { subnetAdmins }: SubnetEnvironment,
  caller: Principal,
  arg: Uint8Array,
): managementTypes.ListCanistersResult {
  decodeArgument('list_canisters', arg)
  if (subnetAdmins === undefined) {
    throw new RejectError('CanisterRejectedMessage', 'list_canisters is only available on subnets with subnet admins')
  }
  requireSubnetAdmin(subnetAdmins, caller)
  const ranges: { start: Principal; end: Principal }[] = []
  for (const { id } of subnet.peekAll()) {
    const last = ranges.at(-1)
    if (last !== undefined && indexOf(last.end) + 1n === indexOf(id)) last.end = id
    else ranges.push({ start: id, end: id })
  }
  return { canisters: ranges.map(({ start, end }) => ({ start: toCandidPrincipal(start), end: toCandidPrincipal(end) })) }
}

/** What making the list takes: the more canisters there are, the more. */
export function listInstructions(subnet: SubnetState): number {
  return 20_000_000 + 16_000 * subnet.peekAll().length
}

function indexOf({ bytes }: Principal): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
}
