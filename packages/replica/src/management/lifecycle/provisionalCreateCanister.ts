import { Principal, RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { fromCandidPrincipal, optional, toCandidPrincipal } from '../codec.ts'
import { noSettings } from '../settings/noSettings.ts'
import { maxCycles } from '../limits.ts'
import { replyWith } from '../reply.ts'
import { parseHookSettings } from '../settings/hookSettings.ts'
import { parseSettings } from '../settings/settingsChange.ts'
import { addCanister, nextCanisterId, requireRoomForCanister } from './newCanister.ts'
import { requireProvisional } from './provisional.ts'
import type { CanisterIndexRange } from '../../subnets/directory.ts'

/**
 * Creates a canister with cycles out of nothing, on networks that allow it.
 *
 * @see Interface specification, "IC method `provisional_create_canister_with_cycles`"
 */
export function provisionalCreateCanister(call: ManagementCall): ManagementResult {
  requireProvisional(call)
  const arg = argumentOf(call, 'provisional_create_canister_with_cycles')
  const named = parseSettings(optional(arg.settings) ?? noSettings)
  const change = { ...named, ...parseHookSettings(call, 'creation') }
  const amount = optional(arg.amount) ?? call.options.defaultProvisionalCycles
  requireRoomForCanister(call)
  const specified = optional(arg.specified_id)
  const canister = addCanister(call, {
    id: specified === undefined ? nextCanisterId(call) : specifiedId(call, fromCandidPrincipal(specified)),
    change,
    defaults: {},
    cycles: amount < maxCycles ? amount : maxCycles,
    funding: 'minted',
    arg,
  })
  return replyWith('provisional_create_canister_with_cycles', { canister_id: toCandidPrincipal(canister.id) }, { target: canister })
}

/** @throws RejectError InvalidManagementPayload, CanisterAlreadyInstalled, CanisterNotHostedBySubnet */
function specifiedId({ subnet, env, options }: ManagementCall, id: Principal): Principal {
  const index = indexOf(id)
  if (index !== undefined && contains(options.canisterRange, index)) {
    throw new RejectError(
      'InvalidManagementPayload',
      `The \`specified_id\` ${id.toText()} is invalid because it belongs to the canister allocation ranges of the test environment.\n` +
        'Use a `specified_id` that matches a canister ID on the ICP mainnet and a test environment that supports canister creation with `specified_id` (e.g., PocketIC).',
    )
  }
  if (subnet.canister(id) !== undefined) {
    throw new RejectError('CanisterAlreadyInstalled', `Canister ${id.toText()} is already installed.`)
  }
  if (index === undefined || !options.hostedRanges.some((range) => contains(range, index))) {
    throw new RejectError(
      'CanisterNotHostedBySubnet',
      `Unsuccessful validation of specified ID: Specified CanisterId ${id.toText()} is not hosted by subnet ${env.subnetId.toText()}.`,
    )
  }
  return id
}

/** Number of a canister id; undefined for a principal of another form. */
function indexOf(id: Principal): bigint | undefined {
  if (id.bytes.length !== 10) return undefined
  const index = new DataView(id.bytes.buffer, id.bytes.byteOffset).getBigUint64(0)
  return Principal.canister(index).equals(id) ? index : undefined
}

function contains(range: CanisterIndexRange, index: bigint): boolean {
  return index >= range.first && index <= range.last
}
