import { isController } from '@tidemark/state'
import { RejectError } from '@tidemark/types'
import { argumentOf, namedCanister } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { replyWith } from '../reply.ts'

/** A metadata section; private ones only for controllers. @see Interface specification, "IC method `canister_metadata`" */
export function canisterMetadata(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'canister_metadata')
  const canister = namedCanister(call, arg.canister_id)
  const id = canister.id.toText()
  const module = canister.execution?.module
  if (module === undefined) {
    throw new RejectError('CanisterRejectedMessage', `The canister ${id} has no Wasm module and hence no metadata is available.`)
  }
  const section = module.metadata.find(({ name }) => name === arg.name)
  if (section === undefined || (section.visibility === 'private' && !isController(canister.settings, call.caller))) {
    throw new RejectError('CanisterRejectedMessage', `The canister ${id} has no metadata section with the name ${arg.name}.`)
  }
  return replyWith('canister_metadata', { value: section.contents }, { target: canister })
}
