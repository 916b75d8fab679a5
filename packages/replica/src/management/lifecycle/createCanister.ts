import { canisterCreationFee } from '@tidemark/cycles'
import { RejectError } from '@tidemark/types'
import { argumentOf, requireSubnetAdmin } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { optional, toCandidPrincipal } from '../codec.ts'
import { managementLimits } from '../limits.ts'
import { printNumber } from '../print.ts'
import { replyWith } from '../reply.ts'
import { parseHookSettings } from '../settings/hookSettings.ts'
import { parseSettings } from '../settings/settingsChange.ts'
import { addCanister, nextCanisterId, requireRoomForCanister } from './newCanister.ts'
import { noSettings } from '../settings/noSettings.ts'

/** Creates a canister out of the cycles attached; administrators of a subnet that charges nothing do it without. @see Interface specification, "IC method `create_canister`" */
export function createCanister(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'create_canister')
  if (call.origin.kind === 'ingress') requireSubnetAdmin(call.env.subnetAdmins ?? [], call.caller)
  const named = parseSettings(optional(arg.settings) ?? noSettings)
  const change = { ...named, ...parseHookSettings(call, 'creation') }
  const fee = canisterCreationFee(call.env.pricing)
  if (call.cycles < fee) {
    throw new RejectError(
      'InsufficientCyclesForCreateCanister',
      `Creating a canister requires a fee of ${printNumber(fee)} that is deducted from the canister's initial balance but only ${printNumber(call.cycles)} cycles were received with the create_canister request.`,
    )
  }
  requireRoomForCanister(call)
  const canister = addCanister(call, {
    id: nextCanisterId(call),
    change,
    defaults: { wasmMemoryLimit: managementLimits.defaultWasmMemoryLimitBytes },
    cycles: call.cycles - fee,
    funding: 'attached',
    arg,
  })
  canister.consumedCycles.canister_creation += fee
  call.subnet.burnedCycles += fee
  return replyWith('create_canister', { canister_id: toCandidPrincipal(canister.id) }, { target: canister, cyclesKept: call.cycles })
}
